/* Likeness of the kinds of words met to the terms of a query. */
#include "evidence.h"

#include <math.h>

enum { TOGETHER = 4, AHEAD = 4 };
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
static void quantise(Work *work) {
  int64_t dimensions = work->reading->dimensions, levels = MOST_SUMMED / (WORD_LEVELS * dimensions);
  if (levels > QUERY_LEVELS) levels = QUERY_LEVELS;
  for (int64_t term = 0; term <= work->query->terms; term++)
    work->steps[term] = quantised(work->query->vectors + term * dimensions, dimensions,
                                  (float)levels, work->levels + term * dimensions);
}

/* The unit is widened first: products of 16 bits are what machines add up in pairs. Several terms
 * are taken together, so that it is read once for them. */
static inline void dots(const int8_t *unit, float scale, const int16_t *vectors, const float *steps,
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

/* Fill `likeness`: for each word met, not below 0, to the terms, then what is its own. */
WIDE void compare(Work *work) {
  const Reading *reading = work->reading;
  const Query *query = work->query;
  int64_t dimensions = reading->dimensions, terms = query->terms;
  quantise(work);
  for (int64_t number = 0; number < work->met; number++) {
    int64_t word = work->kinds[number];
    float *near = work->likeness + number * (work->padded + OWN), *own = near + work->padded;
    if (number + AHEAD < work->met)
      ask(reading->units + work->kinds[number + AHEAD] * dimensions, dimensions);
    dots(reading->units + word * dimensions, reading->scales[word], work->levels, work->steps,
         terms + 1, dimensions, work->widened, near);
    float whole = near[terms], best = 0;
    for (int64_t term = 0; term < terms; term++) near[term] = larger(near[term], 0);
    for (int64_t term = 0; term < terms; term++)
      best = larger(best, near[term] * query->strength[term]);
    for (int64_t term = terms; term < work->padded; term++) near[term] = 0;
    own[WHOLE] = whole;
    own[BEST] = best;
    own[LENGTH] = reading->lengths[word];
  }
}
