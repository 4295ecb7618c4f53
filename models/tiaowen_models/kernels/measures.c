/* The measurements of one clause or sentence, from what was found in it. */
#include "evidence.h"

#include <math.h>
#include <string.h>

static const float ABOVE = 0.8f, LONG_RUN = 12.0f;

/* The mean over groups, by their weight, of the largest value of a group. */
float share(const Work *work, const float *values, const float *other, float factor,
            const float *strength) {
  const Query *query = work->query;
  float sum = 0;
  for (int64_t group = 0; group < query->groups; group++) {
    int64_t last = group + 1 < query->groups ? query->starts[group + 1] : query->terms;
    float best = -INFINITY;
    for (int64_t term = query->starts[group]; term < last; term++) {
      float value = values ? values[term] : 0;
      if (other && factor * other[term] > value) value = factor * other[term];
      value *= strength[term];
      if (value > best) best = value;
    }
    sum += query->weight[group] * best;
  }
  return sum / (work->weights > EPSILON ? work->weights : EPSILON);
}

/* Best match of each word asked among the words there: two shares, the weakest, by meaning. */
static void nearness(const Work *work, const Level *level, float out[4]) {
  const Query *query = work->query;
  const float *strength = query->strength;
  float grouped_sum = 0, both_sum = 0, meant = 0, weakest = INFINITY;
  for (int64_t group = 0; group < query->groups; group++) {
    int64_t last = group + 1 < query->groups ? query->starts[group + 1] : query->terms;
    float grouped = -INFINITY, above = -INFINITY;
    for (int64_t term = query->starts[group]; term < last; term++) {
      float here = level->near[term] > level->held[term] ? level->near[term] : level->held[term];
      float over =
          level->above[term] > level->around[term] ? level->above[term] : level->around[term];
      if (here * strength[term] > grouped) grouped = here * strength[term];
      if (over * strength[term] > above) above = over * strength[term];
    }
    float both = grouped > ABOVE * above ? grouped : ABOVE * above;
    grouped_sum += query->weight[group] * grouped;
    both_sum += query->weight[group] * both;
    meant += query->meant[group] * both;
    if (query->weight[group] >= 0.5f * work->heaviest && both < weakest) weakest = both;
  }
  float weights = work->weights > EPSILON ? work->weights : EPSILON;
  out[0] = grouped_sum / weights;
  out[1] = both_sum / weights;
  out[2] = query->groups ? weakest : 0;
  out[3] = meant / (work->meants > EPSILON ? work->meants : EPSILON);
}

/* One row of measurements, in the order of `wording.WORDING`. */
void measured(const Work *work, const Level *level, float *out) {
  const Query *query = work->query;
  float near[4], longest = query->whole < LONG_RUN ? (float)query->whole : LONG_RUN;
  nearness(work, level, near);
  *out++ = share(work, level->held, NULL, 0, query->exact);
  float held = *out++ = share(work, level->held, NULL, 0, query->strength);
  *out++ = share(work, level->around, NULL, 0, query->strength);
  float anywhere = *out++ = share(work, level->held, level->around, ABOVE, query->strength);
  *out++ = level->share;
  *out++ = near[0] - held;
  *out++ = near[1] - anywhere;
  *out++ = near[2];
  *out++ = near[3];
  *out++ = level->about / (level->weight > EPSILON ? level->weight : EPSILON);
  *out++ = level->cosine;
  *out++ = 0; /* its distance to the best one: known when all are measured */
  float part = level->run / (longest > 1 ? longest : 1);
  *out++ = part < 1 ? part : 1;
  *out++ = query->whole > 0 && level->run == (float)query->whole;
  *out++ = query->figures ? level->figures / (float)query->figures : 0;
  *out++ = query->periods ? level->periods / (float)query->periods : 0;
  float kinds = 0, *signs = out;
  memset(signs, 0, INTENTS * sizeof *signs);
  for (int64_t sign = 0; sign < query->signs; sign++) {
    kinds += level->signs[sign];
    if (query->sign_columns[sign] >= 0) signs[query->sign_columns[sign]] = level->signs[sign];
  }
  out += INTENTS;
  *out++ = query->signs ? kinds / (float)query->signs : 0;
  *out++ = level->asked_near;
  *out++ = level->units;
  *out++ = level->units_near;
  *out++ = level->heading_only;
  *out++ = level->length;
  *out++ = level->sentences;
}
