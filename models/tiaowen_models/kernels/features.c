/* What the legs say of candidates, beside how they are worded: `ranking_features.py`. */
#include "kernels.h"

#include <math.h>

enum { BEST_SHARE, IDEAL_SHARE, BM25_RANK, COSINE, COSINE_SPREAD, VECTOR_RANK };
static const float LEAST = 1e-6f;
static const double LEAST_DEVIATION = 1e-3;

static inline float reciprocal(int32_t rank) { return rank > 0 ? (float)(1 / (2.0 + rank)) : 0; }

/* Set a column of a matrix to how far another lies below its best, in standard deviations. */
static void spread(float *matrix, int64_t height, int64_t wide, int64_t from, int64_t to) {
  float *last = matrix + height * wide, best = -INFINITY;
  double sum = 0, squares = 0;
  for (float *row = matrix; row < last; row += wide) {
    sum += row[from];
    if (row[from] > best) best = row[from];
  }
  for (float *row = matrix; row < last; row += wide)
    squares += (row[from] - sum / (double)height) * (row[from] - sum / (double)height);
  double deviation = sqrt(squares / (double)height);
  if (deviation < LEAST_DEVIATION) deviation = LEAST_DEVIATION;
  for (float *row = matrix; row < last; row += wide)
    row[to] = (row[from] - best) / (float)deviation;
}

/* Fill the first columns of `out` [measured, wide] with what the legs found of the candidates `at`
 * these places of all, and column `far` with how far column `near` lies below its best. */
EXPORTED int64_t tiaowen_features(const float *bm25, const int32_t *bm25_rank, const float *cosine,
                                  const int32_t *vector_rank, int64_t count, const int64_t *at,
                                  int64_t measured, float ideal, int64_t wide, int64_t near,
                                  int64_t far, float *out) {
  float best = LEAST;
  for (int64_t each = 0; each < count; each++) best = bm25[each] > best ? bm25[each] : best;
  for (int64_t each = 0; each < measured; each++) {
    int64_t place = at[each];
    float *row = out + each * wide;
    if (place < 0 || place >= count) return DAMAGED;
    row[BEST_SHARE] = bm25[place] / best;
    row[IDEAL_SHARE] = bm25[place] / (ideal > LEAST ? ideal : LEAST);
    row[BM25_RANK] = reciprocal(bm25_rank[place]);
    row[COSINE] = cosine[place];
    row[VECTOR_RANK] = reciprocal(vector_rank[place]);
  }
  spread(out, measured, wide, COSINE, COSINE_SPREAD);
  spread(out, measured, wide, near, far);
  return OK;
}
