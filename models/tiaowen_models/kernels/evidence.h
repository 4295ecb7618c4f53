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

/* How much of the index the clauses asked for take up. */
typedef struct {
  int64_t sentences, words; /* of all of them, with the words over them */
  int64_t bytes;            /* of the longest text */
  int64_t most;             /* sentences of one clause */
} Extent;

typedef struct {
  const Reading *reading;
  const Query *query;
  float weights, meants, heaviest;
  int32_t *keys, *places; /* [slots] kinds of words met, by open addressing; -1 is free */
  int64_t slots;
  int32_t *kinds, *numbers; /* [met] kinds of words; [words] which of them each word is */
  int64_t met, numbered;
  const int32_t *outside;    /* of `numbers`: of the words that stand over the clauses */
  float *likeness;           /* [met, padded + OWN] see `compare` */
  int64_t padded;            /* terms, in whole vectors */
  int16_t *levels, *widened; /* [terms + 1, dimensions] of the query, [dimensions] of a word */
  float *steps;              /* [terms + 1] what a level of the query stands for */
  uint32_t *letters;
  int32_t *longest, *run, *grown;
  int32_t *seen, *over; /* contexts met, in order; [clauses] which of them stands over each */
  float *contexts;      /* [seen_count, terms + padded] terms held there, and their likeness */
  int64_t seen_count;
  float roots[256]; /* of the counts of words */
} Work;

/* What stands behind the likeness of a word to the terms: to the query as a whole, the best of all
 * by strength, and the length of its vector. */
enum { LANES = 8, WHOLE = 0, BEST = 1, LENGTH = 2, OWN = 4 };

typedef struct {
  float *held, *near; /* [terms] */
  const float *around, *above;
  float share, asked_near, units_near, about, weight, cosine, run, units, heading_only, length;
  float sentences, figures, periods, signs[INTENTS];
} Level;

/* Memory that will be read is asked for, so that it comes while other work is done. */
static inline void ask(const void *place, int64_t bytes) {
#ifdef __GNUC__
  for (int64_t byte = 0; byte < bytes; byte += 64) __builtin_prefetch((const char *)place + byte);
#else
  (void)place, (void)bytes;
#endif
}

static inline float larger(float one, float other) { return one > other ? one : other; }

/* letters.c */
int64_t decoded(const uint8_t *bytes, int64_t size, uint32_t *letters);
void hold(const Query *query, const uint32_t *letters, int64_t count, const int32_t *spans,
          int64_t pieces, float *held);
void runs(const uint32_t *letters, int64_t count, const uint32_t *asked, int64_t length,
          int32_t *longest, int32_t *run, int32_t *grown);

/* places.c */
int extent_of(const Reading *reading, const int32_t *rows, int64_t count, Extent *extent);

/* words.c */
int meet(Work *work, const int32_t *words, int64_t count);

/* likeness.c */
void compare(Work *work);

/* measures.c */
float share(const Work *work, const float *values, const float *other, float factor,
            const float *strength);
void measured(const Work *work, const Level *level, float *out);

#endif
