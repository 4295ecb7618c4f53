/* Likeness of words to the terms of a query, each word's found once. */
#include "evidence.h"

#include <math.h>

enum { TOGETHER = 4 };
static const int64_t WORD_LEVELS = 127, QUERY_LEVELS = 32767, MOST_SUMMED = INT32_MAX;

WIDE static float quantised(const float *vector, int64_t dimensions, float levels, int16_t *out) {
  float most = 1e-9f;
  for (int64_t at = 0; at < dimensions; at++) most = larger(most, fabsf(vector[at]));
  float step = most / levels;
  for (int64_t at = 0; at < dimensions; at++) out[at] = (int16_t)lrintf(vector[at] / step);
  return step;
}

/* Bring the query's vectors into 16 bits, or as many as sums of products with words have room for.
 */
void quantise(Work *work) {
  int64_t dimensions = work->reading->dimensions, levels = MOST_SUMMED / (WORD_LEVELS * dimensions);
  if (levels > QUERY_LEVELS) levels = QUERY_LEVELS;
  for (int64_t term = 0; term <= work->query->terms; term++)
    work->steps[term] = quantised(work->query->vectors + term * dimensions, dimensions,
                                  (float)levels, work->levels + term * dimensions);
}

/* The unit is widened first: products of 16 bits are what machines add up in pairs. Several terms
 * are taken together, so that it is read once for them. */
WIDE static void dots(const int8_t *unit, float scale, const int16_t *vectors, const float *steps,
                      int64_t count, int64_t dimensions, int16_t *wide, float *out) {
  for (int64_t at = 0; at < dimensions; at++) wide[at] = unit[at];
  int64_t term = 0;
  for (; term + TOGETHER <= count; term += TOGETHER) {
    const int16_t *first = vectors + term * dimensions, *second = first + dimensions;
    const int16_t *third = second + dimensions, *fourth = third + dimensions;
    int32_t sums[TOGETHER] = {0};
    for (int64_t at = 0; at < dimensions; at++) {
      sums[0] += (int32_t)wide[at] * (int32_t)first[at];
      sums[1] += (int32_t)wide[at] * (int32_t)second[at];
      sums[2] += (int32_t)wide[at] * (int32_t)third[at];
      sums[3] += (int32_t)wide[at] * (int32_t)fourth[at];
    }
    for (int each = 0; each < TOGETHER; each++)
      out[term + each] = (float)sums[each] * steps[term + each] * scale;
  }
  for (; term < count; term++) {
    const int16_t *vector = vectors + term * dimensions;
    int32_t sum = 0;
    for (int64_t at = 0; at < dimensions; at++) sum += (int32_t)wide[at] * (int32_t)vector[at];
    out[term] = (float)sum * steps[term] * scale;
  }
}

static const Likeness *first_met(Work *work, int32_t word) {
  const Reading *reading = work->reading;
  const Query *query = work->query;
  float *near = work->values + work->met * (query->terms + 1), best = 0;
  dots(reading->units + word * reading->dimensions, reading->scales[word], work->levels,
       work->steps, query->terms + 1, reading->dimensions, work->widened, near);
  for (int64_t term = 0; term < query->terms; term++) near[term] = larger(near[term], 0);
  for (int64_t term = 0; term < query->terms; term++)
    best = larger(best, near[term] * query->strength[term]);
  work->likenesses[work->met] = (Likeness){near, best, reading->lengths[word]};
  return &work->likenesses[work->met++];
}

/* Return what `word`, one of the vocabulary, has in common with the query. */
const Likeness *likeness(Work *work, int32_t word) {
  uint64_t most = (uint64_t)work->slots - 1;
  uint64_t slot = (((uint64_t)(uint32_t)word * 0x9E3779B97F4A7C15u) >> 20) & most;
  for (; work->keys[slot] != word; slot = (slot + 1) & most) {
    if (work->keys[slot] >= 0) continue;
    work->keys[slot] = word;
    work->numbers[slot] = (int32_t)work->met;
    return first_met(work, word);
  }
  return &work->likenesses[work->numbers[slot]];
}
