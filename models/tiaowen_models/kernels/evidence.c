/* What clauses, or their sentences, hold of a query: one row of measurements each. */
#include "evidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float SHORT = 12.0f;

/* Keep in `near` the larger of it and the likeness of a word to each term. */
static inline void nearer(const float *word, int64_t padded, float *near) {
  for (int64_t term = 0; term < padded; term += LANES)
    for (int64_t lane = 0; lane < LANES; lane++)
      near[term + lane] = larger(word[term + lane], near[term + lane]);
}

/* Number the words of all clauses, then of all that stands over them, each context once. */
static int meet_all(Work *work, const int32_t *rows, int64_t count) {
  const Reading *reading = work->reading;
  for (int64_t at = 0; at < count; at++) {
    int64_t from = reading->words_at[reading->sentences[rows[at]]];
    int64_t to = reading->words_at[reading->sentences[rows[at] + 1]];
    if (!meet(work, reading->words + from, to - from)) return 0;
  }
  work->outside = work->numbers + work->numbered;
  for (int64_t at = 0; at < count; at++) {
    int32_t context = reading->context[rows[at]], number = 0;
    while (number < work->seen_count && work->seen[number] != context) number++;
    work->over[at] = number;
    if (number < work->seen_count) continue;
    work->seen[work->seen_count++] = context;
    int64_t from = reading->around_at[context];
    if (!meet(work, reading->around + from, reading->around_at[context + 1] - from)) return 0;
  }
  return 1;
}

/* Fill `contexts`. */
static void measure_contexts(Work *work) {
  const Reading *reading = work->reading;
  const int32_t *numbers = work->outside;
  int64_t terms = work->query->terms, padded = work->padded;
  for (int64_t number = 0; number < work->seen_count; number++) {
    int32_t context = work->seen[number];
    float *held = work->contexts + number * (terms + padded), *above = held + terms;
    int64_t from = reading->contexts_at[context];
    int64_t count =
        decoded(reading->contexts + from, reading->contexts_at[context + 1] - from, work->letters);
    int32_t all[2] = {0, (int32_t)count};
    hold(work->query, work->letters, count, all, 1, held);
    memset(above, 0, (size_t)padded * sizeof *above);
    for (int64_t at = reading->around_at[context]; at < reading->around_at[context + 1]; at++)
      nearer(work->likeness + *numbers++ * (padded + OWN), padded, above);
  }
}

/* Measure one sentence; `numbers` are those of its words, `flag` what patterns found in it, a
 * stride apart. */
static void measure_sentence(const Work *work, int64_t sentence, const int32_t *numbers,
                             const uint8_t *flag, int64_t stride, Level *level) {
  const Reading *reading = work->reading;
  const Query *query = work->query;
  float cosine = 0, kinds = 0;
  level->about = level->weight = level->figures = level->periods = 0;
  memset(level->near, 0, (size_t)work->padded * sizeof *level->near);
  for (int64_t at = reading->words_at[sentence]; at < reading->words_at[sentence + 1]; at++) {
    const float *word = work->likeness + *numbers++ * (work->padded + OWN);
    const float *own = word + work->padded;
    nearer(word, work->padded, level->near);
    level->weight += own[LENGTH];
    level->about += own[BEST] * own[LENGTH];
    cosine += work->roots[reading->counts[at]] * own[LENGTH] * own[WHOLE];
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
  level->length =
      log2f(1 + (float)(reading->spans[2 * sentence + 1] - reading->spans[2 * sentence]) / SHORT);
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

/* Measure the clause of `row`, or each of its sentences; return how many rows were written.
 * `around` is what stands over it, `numbers` those of its words. */
static int64_t measure_clause(const Work *work, int32_t row, const float *around,
                              const int32_t *numbers, int64_t by_sentence, const uint8_t *flags,
                              int64_t stride, float *held, float *terms, int64_t wide, float *out) {
  const Reading *reading = work->reading;
  const Query *query = work->query;
  int64_t first = reading->sentences[row], last = reading->sentences[row + 1];
  const int32_t *spans = reading->spans + 2 * first;
  int64_t from = reading->texts_at[row];
  int64_t count = decoded(reading->texts + from, reading->texts_at[row + 1] - from, work->letters);
  hold(query, work->letters, count, spans, last - first, held);
  runs(work->letters, count, query->run, query->run_length, work->longest, work->run, work->grown);
  Level clause = {.held = terms, .near = terms + query->terms}, sentence = {0};
  memset(terms, 0, (size_t)(query->terms + 2 * work->padded) * sizeof *terms);
  clause.around = sentence.around = around;
  clause.above = sentence.above = around + query->terms;
  clause.cosine = -INFINITY;
  sentence.near = clause.near + work->padded;
  for (int64_t at = 0; at < last - first; at++) {
    int64_t end = at + 1 < last - first && spans[2 * at + 2] < count ? spans[2 * at + 2] : count;
    int32_t run = 0;
    for (int64_t i = spans[2 * at]; i < end; i++)
      if (work->longest[i + 1] > run) run = work->longest[i + 1];
    sentence.held = held + at * query->terms;
    sentence.run = run > 1 ? (float)run : 0;
    measure_sentence(work, first + at, numbers, flags + at, stride, &sentence);
    numbers += reading->words_at[first + at + 1] - reading->words_at[first + at];
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

static void sum_weights(Work *work) {
  const Query *query = work->query;
  for (int64_t group = 0; group < query->groups; group++) {
    work->weights += query->weight[group];
    work->meants += query->meant[group];
    work->heaviest = larger(work->heaviest, query->weight[group]);
  }
  for (int count = 0; count < 256; count++) work->roots[count] = sqrtf((float)count);
}

/* Find what is measured with, in memory of `numbers` and, once the words are met, of `values`. */
static int64_t prepare(Work *work, const int32_t *rows, int64_t count, const Extent *extent,
                       void **numbers, float **values) {
  const Reading *reading = work->reading;
  int64_t terms = work->query->terms, letters = extent->bytes + 1, slots = 64;
  while (slots < 2 * extent->words) slots *= 2;
  *numbers = malloc(sizeof *work->keys *
                        (size_t)(2 * slots + 2 * extent->words + 4 * letters + 2 * count) +
                    sizeof *work->levels * (size_t)((terms + 2) * reading->dimensions));
  if (!*numbers) return NO_MEMORY;
  work->keys = *numbers;
  memset(work->keys, 0xFF, (size_t)slots * sizeof *work->keys);
  work->slots = slots;
  work->places = work->keys + slots;
  work->kinds = work->places + slots;
  work->numbers = work->kinds + extent->words;
  work->longest = work->numbers + extent->words;
  work->run = work->longest + letters;
  work->grown = work->run + letters;
  work->letters = (uint32_t *)work->grown + letters;
  work->seen = (int32_t *)work->letters + letters;
  work->over = work->seen + count;
  work->levels = (int16_t *)(work->over + count);
  work->widened = work->levels + (terms + 1) * reading->dimensions;
  if (!meet_all(work, rows, count)) return DAMAGED;
  work->padded = (terms + LANES - 1) / LANES * LANES;
  *values = malloc(sizeof **values * (size_t)(work->met * (work->padded + OWN) + terms + 1 +
                                              work->seen_count * (terms + work->padded) +
                                              extent->most * terms + terms + 2 * work->padded));
  if (!*values) return NO_MEMORY;
  work->likeness = *values;
  work->steps = work->likeness + work->met * (work->padded + OWN);
  work->contexts = work->steps + terms + 1;
  return OK;
}

/* Measure the clauses of `rows`, or all their sentences. `flags` uint8 [kinds, sentences]: what
 * patterns found in each sentence: signs of the intents asked, figures, periods, and one row of
 * quantities. `out` float32 [rows or sentences], `wide` apart. */
EXPORTED int64_t tiaowen_measure(const Reading *reading, const Query *query, const int32_t *rows,
                                 int64_t count, int64_t by_sentence, const uint8_t *flags,
                                 int64_t wide, float *out) {
  Extent extent;
  if (query->signs > INTENTS || !extent_of(reading, rows, count, &extent)) return DAMAGED;
  Work work = {.reading = reading, .query = query};
  void *numbers = NULL;
  float *values = NULL;
  int64_t told = prepare(&work, rows, count, &extent, &numbers, &values);
  if (told == OK) {
    int64_t each = query->terms + work.padded, done = 0, before = 0;
    float *held = work.contexts + work.seen_count * each;
    float *per_term = held + extent.most * query->terms;
    const int32_t *number = work.numbers;
    sum_weights(&work);
    compare(&work);
    measure_contexts(&work);
    for (int64_t at = 0; at < count; at++) {
      int64_t first = reading->sentences[rows[at]], last = reading->sentences[rows[at] + 1];
      done +=
          measure_clause(&work, rows[at], work.contexts + work.over[at] * each, number, by_sentence,
                         flags + before, extent.sentences, held, per_term, wide, out + done * wide);
      number += reading->words_at[last] - reading->words_at[first];
      before += last - first;
    }
  }
  free(values);
  free(numbers);
  return told;
}
