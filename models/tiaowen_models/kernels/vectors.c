/* Vectors as they are stored: rows of float16, and rows of 4-bit levels that words add up. */
#include "kernels.h"

#include <string.h>

/* A float16 is a float32 of other bits: shifted into place its exponent is 112 too small. Holds for
 * subnormal numbers, too; infinities do not occur in unit vectors. */
static inline float widened(uint16_t half) {
  uint32_t bits = (uint32_t)(half & 0x7FFF) << 13, sign = (uint32_t)(half & 0x8000) << 16;
  float value, scale = 5.192296858534828e33f; /* 2 ** 112 */
  memcpy(&value, &bits, sizeof value);
  value *= scale;
  memcpy(&bits, &value, sizeof bits);
  bits |= sign;
  memcpy(&value, &bits, sizeof value);
  return value;
}

WIDE static float dot(const uint16_t *row, const float *query, int64_t dimensions) {
  float sums[16] = {0}, sum = 0; /* apart, so that they can be added side by side */
  int64_t at = 0;
  for (; at + 16 <= dimensions; at += 16)
    for (int64_t lane = 0; lane < 16; lane++)
      sums[lane] += widened(row[at + lane]) * query[at + lane];
  for (; at < dimensions; at++) sum += widened(row[at]) * query[at];
  for (int64_t lane = 0; lane < 16; lane++) sum += sums[lane];
  return sum;
}

/* Write the dot product of `query` with each of `rows` of the float16 matrix [height, dimensions].
 */
EXPORTED int64_t tiaowen_cosines(const uint16_t *matrix, int64_t height, int64_t dimensions,
                                 const float *query, const int64_t *rows, int64_t count,
                                 float *out) {
  for (int64_t at = 0; at < count; at++)
    if (rows[at] < 0 || rows[at] >= height) return DAMAGED;
  for (int64_t at = 0; at < count; at++) {
#ifdef __GNUC__
    for (int64_t byte = 0; at + 4 < count && byte < 2 * dimensions; byte += 64)
      __builtin_prefetch((const char *)(matrix + rows[at + 4] * dimensions) + byte);
#endif
    out[at] = dot(matrix + rows[at] * dimensions, query, dimensions);
  }
  return OK;
}

WIDE static void add(const uint8_t *row, float weight, int64_t half, float *out) {
  for (int64_t at = 0; at < half; at++) {
    out[at] += weight * (float)((row[at] & 15) - 8);
    out[half + at] += weight * (float)((row[at] >> 4) - 8);
  }
}

/* Write sums of packed rows (see `static.pack`): the rows of sum i are at indptr[i]:indptr[i + 1]
 * of `rows`, each times its weight. `out` float32 [count, 2 * half]. */
EXPORTED int64_t tiaowen_sums(const uint8_t *table, int64_t height, int64_t half,
                              const int64_t *indptr, const int64_t *rows, const float *weights,
                              int64_t count, float *out) {
  memset(out, 0, (size_t)(2 * half * count) * sizeof *out);
  for (int64_t at = 0; at < count; at++)
    for (int64_t i = indptr[at]; i < indptr[at + 1]; i++) {
      if (rows[i] < 0 || rows[i] >= height) return DAMAGED;
      add(table + rows[i] * half, weights[i], half, out + 2 * half * at);
    }
  return OK;
}
