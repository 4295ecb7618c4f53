/* The sentence of each clause that answers, of those that were measured. */
#include "kernels.h"

#include <math.h>

static const double LEAST_DEVIATION = 1e-3;

/* What a value differs by from the best of its clause is told in these steps. */
static double deviation(const float *values, int64_t wide, int64_t count) {
  float sum = 0;
  double squares = 0;
  for (int64_t at = 0; at < count; at++) sum += values[at * wide];
  for (int64_t at = 0; at < count; at++) {
    double away = values[at * wide] - sum / (double)count;
    squares += away * away;
  }
  double found = sqrt(squares / (double)count);
  return found > LEAST_DEVIATION ? found : LEAST_DEVIATION;
}

/* Write which sentence of each clause has the largest score, of equals the earlier. The sentences
 * of clause i are `first[i]` to `first[i + 1]` of `rows` float32 [sentences, wide], none is empty.
 * `weights` [wide + 3]: of the measurements, `spread` being counted from `nearest`; then of a first
 * sentence, and of what the one before another has in the columns `held` and `nearest`. */
EXPORTED int64_t tiaowen_choose(const float *rows, int64_t wide, const int64_t *first,
                                int64_t clauses, const float *weights, int64_t held,
                                int64_t nearest, int64_t spread, int64_t *chosen) {
  for (int64_t clause = 0; clause < clauses; clause++) {
    const float *start = rows + first[clause] * wide, *end = rows + first[clause + 1] * wide;
    double steps = deviation(start + nearest, wide, first[clause + 1] - first[clause]);
    float near = -INFINITY, best = -INFINITY;
    for (const float *row = start; row < end; row += wide)
      if (row[nearest] > near) near = row[nearest];
    chosen[clause] = first[clause];
    for (const float *row = start; row < end; row += wide) {
      float score = weights[spread] * (float)((row[nearest] - near) / steps);
      for (int64_t at = 0; at < wide; at++) score += at == spread ? 0 : weights[at] * row[at];
      if (row == start)
        score += weights[wide];
      else
        score += weights[wide + 1] * row[held - wide] + weights[wide + 2] * row[nearest - wide];
      if (!(score > best)) continue;
      best = score;
      chosen[clause] = (row - rows) / wide;
    }
  }
  return OK;
}
