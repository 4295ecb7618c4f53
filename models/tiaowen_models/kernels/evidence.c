/* What clauses, or their sentences, hold of a query: one row of measurements each.
 *
 * `reading.py` tells what a reading is, `evidence.py` and `wording.py` what is measured; a test
 * holds this file equal to them.
 */
#include "kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INTENTS = 9 };
static const float ABOVE = 0.8f, EPSILON = 1e-6f, SHORT = 12.0f, LONG_RUN = 12.0f;

typedef struct {
  int64_t clauses, sentences_count, contexts_count, words_count, around_count, units_count;
  int64_t dimensions, texts_size, contexts_size;
  const uint8_t *texts, *contexts;
  const int64_t *texts_at, *contexts_at;
  const int32_t *context;
  const uint8_t *heading_only;
  const int64_t *sentences;
  const int32_t *spans;
  const float *norms;
  const int32_t *words;
  const uint8_t *counts;
  const int64_t *words_at;
  const int32_t *around;
  const int64_t *around_at;
  const int8_t *units;
  const float *scales, *lengths;
} Reading;

typedef struct {
  int64_t terms, groups, signs, figures, periods, run_length, whole;
  const uint32_t *points; /* code points of the terms, [point_at[terms]] */
  const int32_t *point_at;
  const int16_t *vectors; /* [terms + 1, dimensions], the query as a whole last */
  const float *steps;     /* [terms + 1] what a level of `vectors` stands for */
  const float *strength, *exact;
  const int32_t *starts; /* [groups] */
  const float *weight, *meant;
  const uint32_t *run; /* the runs of Chinese characters asked, 0 between them */
  const int32_t *sign_columns;
} Query;

/* What one distinct word has in common with the query. */
typedef struct {
  const float *near; /* [terms + 1] its likeness to the terms, and to the query as a whole */
  float best, length;
} Likeness;

typedef struct {
  const Reading *reading;
  const Query *query;
  float weights, meants, heaviest;
  int32_t *keys, *numbers; /* [slots] words met, by open addressing; -1 is free */
  int64_t slots, met;
  Likeness *likenesses; /* [met] */
  float *values;
  int16_t *widened; /* [dimensions] */
  uint32_t *letters;
  int32_t *longest, *run, *grown;
  int32_t *seen; /* contexts met, in order */
  float *contexts;
  int64_t seen_count;
} Work;

typedef struct {
  float *held, *near; /* [terms] */
  const float *around, *above;
  float share, asked_near, units_near, about, weight, cosine, run, units, heading_only, length;
  float sentences, figures, periods, signs[INTENTS];
} Level;

/* The unit is widened first: products of 16 bits are what machines add up in pairs. */
WIDE static void dots(const int8_t *unit, float scale, const int16_t *vectors, const float *steps,
                      int64_t count, int64_t dimensions, int16_t *wide, float *out) {
  for (int64_t at = 0; at < dimensions; at++) wide[at] = unit[at];
  for (int64_t term = 0; term < count; term++) {
    const int16_t *vector = vectors + term * dimensions;
    int32_t sum = 0;
    for (int64_t at = 0; at < dimensions; at++) sum += (int32_t)wide[at] * (int32_t)vector[at];
    out[term] = (float)sum * steps[term] * scale;
  }
}

/* The longest common piece by the usual table, a row for each character asked. */
WIDE static void runs(const uint32_t *letters, int64_t count, const uint32_t *asked, int64_t length,
                      int32_t *longest, int32_t *run, int32_t *grown) {
  memset(longest, 0, (size_t)(count + 1) * sizeof *longest);
  memset(run, 0, (size_t)(count + 1) * sizeof *run);
  for (int64_t at = 0; at < length; at++) {
    uint32_t letter = asked[at];
    grown[0] = 0;
    for (int64_t i = 0; i < count; i++) grown[i + 1] = letters[i] == letter ? run[i] + 1 : 0;
    for (int64_t i = 1; i <= count; i++) longest[i] = longest[i] > grown[i] ? longest[i] : grown[i];
    int32_t *other = run;
    run = grown;
    grown = other;
  }
}

static float larger(float one, float other) { return one > other ? one : other; }

static const Likeness *first_met(Work *work, int32_t word) {
  const Reading *reading = work->reading;
  const Query *query = work->query;
  float *near = work->values + work->met * (query->terms + 1), best = 0;
  dots(reading->units + word * reading->dimensions, reading->scales[word], query->vectors,
       query->steps, query->terms + 1, reading->dimensions, work->widened, near);
  for (int64_t term = 0; term < query->terms; term++) near[term] = larger(near[term], 0);
  for (int64_t term = 0; term < query->terms; term++)
    best = larger(best, near[term] * query->strength[term]);
  work->likenesses[work->met] = (Likeness){near, best, reading->lengths[word]};
  return &work->likenesses[work->met++];
}

static const Likeness *likeness(Work *work, int32_t word) {
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

static int64_t decoded(const uint8_t *bytes, int64_t size, uint32_t *letters) {
  int64_t count = 0;
  for (int64_t at = 0; at < size;) {
    uint32_t first = bytes[at];
    if ((first & 0xF0) == 0xE0 && at + 3 <= size) { /* nearly all of a Chinese text */
      letters[count++] =
          (first & 0x0F) << 12 | (uint32_t)(bytes[at + 1] & 0x3F) << 6 | (bytes[at + 2] & 0x3F);
      at += 3;
      continue;
    }
    int more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t letter = more == 0 ? first : first & (0x3Fu >> more);
    at++;
    for (int i = 0; i < more && at < size; i++) letter = letter << 6 | (bytes[at++] & 0x3F);
    letters[count++] = letter;
  }
  return count;
}

/* Set held[piece * terms + term] to 1 where a term stands whole inside a piece of the text. */
static void hold(const Query *query, const uint32_t *letters, int64_t count, const int32_t *spans,
                 int64_t pieces, float *held) {
  memset(held, 0, (size_t)(pieces * query->terms) * sizeof *held);
  for (int64_t block = 0; block < query->terms; block += 64) {
    uint64_t starting[256] = {0}; /* by the low bits of the first letter: terms worth comparing */
    int64_t last = query->terms - block < 64 ? query->terms : block + 64;
    for (int64_t term = block; term < last; term++)
      if (query->point_at[term + 1] > query->point_at[term])
        starting[query->points[query->point_at[term]] & 255] |= (uint64_t)1 << (term - block);
    int64_t piece = 0;
    for (int64_t at = 0; at < count; at++) {
      uint64_t maybe = starting[letters[at] & 255];
      if (!maybe) continue;
      while (piece + 1 < pieces && spans[2 * (piece + 1)] <= at) piece++;
      if (at < spans[2 * piece]) continue;
      for (int64_t term = block; maybe; term++, maybe >>= 1) {
        if (!(maybe & 1)) continue;
        const uint32_t *points = query->points + query->point_at[term];
        int64_t size = query->point_at[term + 1] - query->point_at[term];
        if (at + size > spans[2 * piece + 1] || at + size > count) continue;
        if (!memcmp(letters + at, points, (size_t)size * sizeof *points))
          held[piece * query->terms + term] = 1;
      }
    }
  }
}

/* The mean over groups, by their weight, of the largest value of a group. */
static float share(const Work *work, const float *values, const float *other, float factor,
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
      float over = level->above[term] > level->around[term] ? level->above[term]
                                                             : level->around[term];
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
static void measured(const Work *work, const Level *level, float *out) {
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

/* Whether these words are in the vocabulary; their vectors, which lie far apart, are asked for, so
 * that they come side by side and not one after the other. */
static int known(const Reading *reading, const int32_t *words, int64_t count) {
  for (int64_t at = 0; at < count; at++) {
    if (words[at] < 0 || words[at] >= reading->units_count) return 0;
#ifdef __GNUC__
    const int8_t *unit = reading->units + words[at] * reading->dimensions;
    for (int64_t byte = 0; byte < reading->dimensions; byte += 64) __builtin_prefetch(unit + byte);
#endif
  }
  return 1;
}

/* Whether every offset that the rows lead to lies inside its array; how much they hold. */
static int whole(const Reading *reading, const int32_t *rows, int64_t count, int64_t *sentences,
                 int64_t *words, int64_t *bytes, int64_t *most) {
  for (int64_t at = 0; at < count; at++) {
    int64_t row = rows[at];
    if (row < 0 || row >= reading->clauses) return 0;
    int64_t first = reading->sentences[row], last = reading->sentences[row + 1];
    int64_t size = reading->texts_at[row + 1] - reading->texts_at[row];
    int64_t context = reading->context[row];
    if (first < 0 || last <= first || last > reading->sentences_count) return 0;
    if (reading->texts_at[row] < 0 || size < 0 || reading->texts_at[row + 1] > reading->texts_size)
      return 0;
    if (context < 0 || context >= reading->contexts_count) return 0;
    int64_t above = reading->contexts_at[context + 1] - reading->contexts_at[context];
    if (reading->contexts_at[context] < 0 || above < 0 ||
        reading->contexts_at[context + 1] > reading->contexts_size)
      return 0;
    int64_t from = reading->words_at[first], to = reading->words_at[last];
    int64_t outside = reading->around_at[context], end = reading->around_at[context + 1];
    if (from < 0 || to > reading->words_count || outside < 0 || end < outside ||
        end > reading->around_count)
      return 0;
    for (int64_t sentence = first; sentence < last; sentence++)
      if (reading->words_at[sentence + 1] < reading->words_at[sentence] ||
          reading->spans[2 * sentence] < 0 ||
          reading->spans[2 * sentence + 1] < reading->spans[2 * sentence])
        return 0;
    if (!known(reading, reading->words + from, to - from) ||
        !known(reading, reading->around + outside, end - outside))
      return 0;
    *sentences += last - first;
    *words += to - from + end - outside;
    if (size > *bytes) *bytes = size;
    if (above > *bytes) *bytes = above;
    if (last - first > *most) *most = last - first;
  }
  return 1;
}

/* What stands over a clause: terms held there, then the best likeness of each, [2, terms]. */
static const float *context_of(Work *work, int32_t context) {
  const Reading *reading = work->reading;
  int64_t terms = work->query->terms;
  for (int64_t at = 0; at < work->seen_count; at++)
    if (work->seen[at] == context) return work->contexts + 2 * at * terms;
  float *held = work->contexts + 2 * work->seen_count * terms, *above = held + terms;
  work->seen[work->seen_count++] = context;
  int64_t from = reading->contexts_at[context];
  int64_t count = decoded(reading->contexts + from, reading->contexts_at[context + 1] - from,
                          work->letters);
  int32_t all[2] = {0, (int32_t)count};
  hold(work->query, work->letters, count, all, 1, held);
  memset(above, 0, (size_t)terms * sizeof *above);
  for (int64_t at = reading->around_at[context]; at < reading->around_at[context + 1]; at++) {
    const float *near = likeness(work, reading->around[at])->near;
    for (int64_t term = 0; term < terms; term++) above[term] = larger(near[term], above[term]);
  }
  return held;
}

/* Measure one sentence; `flag` are what was found in it by patterns, a stride apart. */
static void measure_sentence(Work *work, int64_t sentence, const uint8_t *flag, int64_t stride,
                             Level *level) {
  const Reading *reading = work->reading;
  const Query *query = work->query;
  float cosine = 0, kinds = 0;
  level->about = level->weight = level->figures = level->periods = 0;
  memset(level->near, 0, (size_t)query->terms * sizeof *level->near);
  for (int64_t at = reading->words_at[sentence]; at < reading->words_at[sentence + 1]; at++) {
    const Likeness *found = likeness(work, reading->words[at]);
    for (int64_t term = 0; term < query->terms; term++)
      level->near[term] = larger(found->near[term], level->near[term]);
    level->weight += found->length;
    level->about += found->best * found->length;
    cosine += sqrtf((float)reading->counts[at]) * found->length * found->near[query->terms];
  }
  float norm = reading->norms[sentence];
  level->cosine = cosine / (norm > EPSILON ? norm : EPSILON);
  for (int64_t sign = 0; sign < query->signs; sign++, flag += stride)
    kinds += level->signs[sign] = (float)*flag;
  for (int64_t at = 0; at < query->figures; at++, flag += stride) level->figures += (float)*flag;
  for (int64_t at = 0; at < query->periods; at++, flag += stride) level->periods += (float)*flag;
  level->units = (float)*flag;
  level->share = share(work, level->held, NULL, 0, query->strength);
  level->asked_near = query->signs ? level->share * kinds / (float)query->signs : 0;
  level->units_near = level->share * level->units;
  level->heading_only = 0;
  level->length = log2f(1 + (float)(reading->spans[2 * sentence + 1] -
                                    reading->spans[2 * sentence]) / SHORT);
  level->sentences = 1;
}

/* Keep of a clause the best of what its sentences have; weights and what is about add up. */
static void join(const Query *query, Level *clause, const Level *sentence) {
  for (int64_t term = 0; term < query->terms; term++) {
    clause->held[term] = larger(clause->held[term], sentence->held[term]);
    clause->near[term] = larger(clause->near[term], sentence->near[term]);
  }
  for (int64_t sign = 0; sign < query->signs; sign++)
    clause->signs[sign] = larger(clause->signs[sign], sentence->signs[sign]);
  clause->share = larger(clause->share, sentence->share);
  clause->asked_near = larger(clause->asked_near, sentence->asked_near);
  clause->units_near = larger(clause->units_near, sentence->units_near);
  clause->cosine = larger(clause->cosine, sentence->cosine);
  clause->run = larger(clause->run, sentence->run);
  clause->units = larger(clause->units, sentence->units);
  clause->about += sentence->about;
  clause->weight += sentence->weight;
}

/* How many of `kinds` rows of flags are set in one of a clause's sentences. */
static float any_of(const uint8_t *flags, int64_t stride, int64_t kinds, int64_t sentences) {
  float found = 0;
  for (int64_t kind = 0; kind < kinds; kind++) {
    uint8_t any = 0;
    for (int64_t at = 0; at < sentences; at++) any |= flags[kind * stride + at];
    found += any != 0;
  }
  return found;
}

/* Measure the clause of `row`, or each of its sentences; return how many rows were written. */
static int64_t measure_clause(Work *work, int32_t row, int64_t by_sentence, const uint8_t *flags,
                              int64_t stride, float *held, float *terms, int64_t wide,
                              float *out) {
  const Reading *reading = work->reading;
  const Query *query = work->query;
  int64_t first = reading->sentences[row], last = reading->sentences[row + 1];
  const int32_t *spans = reading->spans + 2 * first;
  const float *around = context_of(work, reading->context[row]);
  int64_t from = reading->texts_at[row];
  int64_t count = decoded(reading->texts + from, reading->texts_at[row + 1] - from, work->letters);
  hold(query, work->letters, count, spans, last - first, held);
  runs(work->letters, count, query->run, query->run_length, work->longest, work->run, work->grown);
  Level clause = {.held = terms, .near = terms + query->terms}, sentence = {0};
  memset(terms, 0, (size_t)(3 * query->terms) * sizeof *terms);
  clause.around = sentence.around = around;
  clause.above = sentence.above = around + query->terms;
  clause.cosine = -INFINITY;
  sentence.near = terms + 2 * query->terms;
  for (int64_t at = 0; at < last - first; at++) {
    int64_t end = at + 1 < last - first && spans[2 * at + 2] < count ? spans[2 * at + 2] : count;
    int32_t run = 0;
    for (int64_t i = spans[2 * at]; i < end; i++)
      if (work->longest[i + 1] > run) run = work->longest[i + 1];
    sentence.held = held + at * query->terms;
    sentence.run = run > 1 ? (float)run : 0;
    measure_sentence(work, first + at, flags + at, stride, &sentence);
    if (by_sentence) {
      measured(work, &sentence, out + at * wide);
    } else {
      join(query, &clause, &sentence);
    }
  }
  if (by_sentence) return last - first;
  const uint8_t *figures = flags + query->signs * stride;
  clause.figures = any_of(figures, stride, query->figures, last - first);
  clause.periods = any_of(figures + query->figures * stride, stride, query->periods, last - first);
  clause.heading_only = (float)reading->heading_only[row];
  clause.length = log2f(1 + (float)count / SHORT);
  clause.sentences = log2f(1 + (float)(last - first));
  measured(work, &clause, out);
  return 1;
}

/* Measure the clauses of `rows`, or all their sentences. `flags` uint8 [kinds, sentences]: what
 * patterns found in each sentence: signs of the intents asked, figures, periods, and one row of
 * quantities. `out` float32 [rows or sentences], `wide` apart. */
int64_t tiaowen_measure(const Reading *reading, const Query *query, const int32_t *rows, int64_t count,
                    int64_t by_sentence, const uint8_t *flags, int64_t wide, float *out) {
  int64_t sentences = 0, words = 0, bytes = 0, most = 0;
  if (query->signs > INTENTS || !whole(reading, rows, count, &sentences, &words, &bytes, &most))
    return DAMAGED;
  Work work = {.reading = reading, .query = query, .slots = 64};
  while (work.slots < 2 * words) work.slots *= 2;
  int64_t terms = query->terms, letters = bytes + 1;
  work.likenesses = malloc((size_t)(words + 1) * sizeof *work.likenesses);
  work.values = malloc(sizeof *work.values *
                       (size_t)(words * (terms + 1) + 2 * count * terms + (most + 3) * terms + 1));
  work.keys = malloc(sizeof *work.keys * (size_t)(2 * work.slots + 4 * letters + count) +
                     sizeof *work.widened * (size_t)reading->dimensions);
  int64_t told = work.likenesses && work.values && work.keys ? OK : NO_MEMORY;
  if (told == OK) {
    memset(work.keys, 0xFF, (size_t)work.slots * sizeof *work.keys);
    work.numbers = work.keys + work.slots;
    work.longest = work.numbers + work.slots;
    work.run = work.longest + letters;
    work.grown = work.run + letters;
    work.letters = (uint32_t *)work.grown + letters;
    work.seen = (int32_t *)work.letters + letters;
    work.widened = (int16_t *)(work.seen + count);
    work.contexts = work.values + words * (terms + 1);
    float *held = work.contexts + 2 * count * terms, *per_term = held + most * terms;
    for (int64_t group = 0; group < query->groups; group++) {
      work.weights += query->weight[group];
      work.meants += query->meant[group];
      work.heaviest = larger(work.heaviest, query->weight[group]);
    }
    int64_t done = 0, before = 0;
    for (int64_t at = 0; at < count; at++) {
      done += measure_clause(&work, rows[at], by_sentence, flags + before, sentences, held,
                             per_term, wide, out + done * wide);
      before += reading->sentences[rows[at] + 1] - reading->sentences[rows[at]];
    }
  }
  free(work.likenesses);
  free(work.values);
  free(work.keys);
  return told;
}
