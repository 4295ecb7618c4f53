/* What clauses, or their sentences, hold of a query: one row of measurements each. */
#include "evidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float SHORT = 12.0f;

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
  int64_t count =
      decoded(reading->contexts + from, reading->contexts_at[context + 1] - from, work->letters);
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

/* Measure the clause of `row`, or each of its sentences; return how many rows were written. */
static int64_t measure_clause(Work *work, int32_t row, int64_t by_sentence, const uint8_t *flags,
                              int64_t stride, float *held, float *terms, int64_t wide, float *out) {
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
EXPORTED int64_t tiaowen_measure(const Reading *reading, const Query *query, const int32_t *rows,
                                 int64_t count, int64_t by_sentence, const uint8_t *flags,
                                 int64_t wide, float *out) {
  int64_t sentences = 0, words = 0, bytes = 0, most = 0;
  if (query->signs > INTENTS || !whole(reading, rows, count, &sentences, &words, &bytes, &most))
    return DAMAGED;
  Work work = {.reading = reading, .query = query, .slots = 64};
  while (work.slots < 2 * words) work.slots *= 2;
  int64_t terms = query->terms, letters = bytes + 1;
  work.likenesses = malloc((size_t)(words + 1) * sizeof *work.likenesses);
  work.values = malloc(sizeof *work.values * (size_t)((words + 1) * (terms + 1) +
                                                      2 * count * terms + (most + 3) * terms));
  work.keys = malloc(sizeof *work.keys * (size_t)(2 * work.slots + 4 * letters + count) +
                     sizeof *work.levels * (size_t)((terms + 2) * reading->dimensions));
  int64_t told = work.likenesses && work.values && work.keys ? OK : NO_MEMORY;
  if (told == OK) {
    memset(work.keys, 0xFF, (size_t)work.slots * sizeof *work.keys);
    work.numbers = work.keys + work.slots;
    work.longest = work.numbers + work.slots;
    work.run = work.longest + letters;
    work.grown = work.run + letters;
    work.letters = (uint32_t *)work.grown + letters;
    work.seen = (int32_t *)work.letters + letters;
    work.levels = (int16_t *)(work.seen + count);
    work.widened = work.levels + (terms + 1) * reading->dimensions;
    work.steps = work.values + words * (terms + 1);
    work.contexts = work.steps + terms + 1;
    float *held = work.contexts + 2 * count * terms, *per_term = held + most * terms;
    for (int64_t group = 0; group < query->groups; group++) {
      work.weights += query->weight[group];
      work.meants += query->meant[group];
      work.heaviest = larger(work.heaviest, query->weight[group]);
    }
    quantise(&work);
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
