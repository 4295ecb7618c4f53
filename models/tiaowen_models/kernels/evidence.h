/* What is measured of clauses beside one query, and with what: `reading.py` tells what a reading
 * is, `evidence.py` and `wording.py` what is measured; a test holds these files equal to them.
 */
#ifndef TIAOWEN_EVIDENCE_H
#define TIAOWEN_EVIDENCE_H

#include "kernels.h"

#define EPSILON 1e-6f

enum { INTENTS = 9 };

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
  const float *vectors; /* [terms + 1, dimensions] of length 1, the query as a whole last */
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
  int16_t *levels, *widened; /* [terms + 1, dimensions] of the query, [dimensions] of a word */
  float *steps;              /* [terms + 1] what a level of the query stands for */
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

static inline float larger(float one, float other) { return one > other ? one : other; }

/* letters.c */
int64_t decoded(const uint8_t *bytes, int64_t size, uint32_t *letters);
void hold(const Query *query, const uint32_t *letters, int64_t count, const int32_t *spans,
          int64_t pieces, float *held);
void runs(const uint32_t *letters, int64_t count, const uint32_t *asked, int64_t length,
          int32_t *longest, int32_t *run, int32_t *grown);

/* likeness.c */
void quantise(Work *work);
const Likeness *likeness(Work *work, int32_t word);

/* measures.c */
float share(const Work *work, const float *values, const float *other, float factor,
            const float *strength);
void measured(const Work *work, const Level *level, float *out);

#endif
