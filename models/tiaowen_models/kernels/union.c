/* What the two legs of a search found, put together by row. */
#include "kernels.h"

#include <stdlib.h>

enum { NEAREST = 31 }; /* the bit of a key that tells the legs apart, over the rank */

static int by_row(const void *one, const void *other) {
  uint64_t first = *(const uint64_t *)one, second = *(const uint64_t *)other;
  return first < second ? -1 : first > second;
}

static int keyed(const int32_t *ranked, int64_t count, uint64_t leg, int64_t height,
                 uint64_t *keys) {
  for (int64_t at = 0; at < count; at++) {
    if (ranked[at] < 0 || ranked[at] >= height) return 0;
    keys[at] = (uint64_t)ranked[at] << 32 | leg << NEAREST | (uint64_t)(at + 1);
  }
  return 1;
}

/* Write the distinct rows of `lexical` and `nearest`, each best first: `columns` int32 [3, both]
 * are the rows in order and their ranks in either leg, 0 where it has not found them, `values`
 * float32 [2, both] their `scores` and cosines. `cosines` are those of `nearest`, the others come
 * from the float16 matrix [height, dimensions]. Without `scores`, or `query`, theirs are 0. Return
 * how many rows there are. */
EXPORTED int64_t tiaowen_union(const uint16_t *matrix, int64_t height, int64_t dimensions,
                               const float *query, const float *scores, const int32_t *lexical,
                               int64_t lexical_count, const int32_t *nearest, int64_t nearest_count,
                               const float *cosines, int32_t *columns, float *values) {
  int64_t both = lexical_count + nearest_count, found = 0, missing = 0, told = DAMAGED;
  uint64_t *keys = malloc((size_t)(both + 1) * (2 * sizeof *keys + sizeof *values));
  if (!keys) return NO_MEMORY;
  int64_t *others = (int64_t *)(keys + both);
  float *computed = (float *)(others + both);
  if (keyed(lexical, lexical_count, 0, height, keys) &&
      keyed(nearest, nearest_count, 1, height, keys + lexical_count)) {
    qsort(keys, (size_t)both, sizeof *keys, by_row);
    for (int64_t at = 0; at < both; found++) {
      int64_t row = (int64_t)(keys[at] >> 32);
      columns[found] = (int32_t)row;
      columns[both + found] = columns[2 * both + found] = 0;
      values[found] = scores ? scores[row] : 0;
      values[both + found] = 0;
      for (; at < both && (int64_t)(keys[at] >> 32) == row; at++) {
        int64_t leg = keys[at] >> NEAREST & 1, rank = keys[at] & 0x7FFFFFFF;
        columns[(1 + leg) * both + found] = (int32_t)rank;
        if (leg) values[both + found] = cosines[rank - 1];
      }
      if (query && !columns[2 * both + found]) others[missing++] = row;
    }
    told = missing ? tiaowen_cosines(matrix, height, dimensions, query, others, missing, computed)
                   : OK;
    missing = 0;
    for (int64_t at = 0; query && told == OK && at < found; at++)
      if (!columns[2 * both + at]) values[both + at] = computed[missing++];
  }
  free(keys);
  return told == OK ? found : told;
}
