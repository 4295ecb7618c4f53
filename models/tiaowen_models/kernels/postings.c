/* Sums over the columns of a sparse matrix: BM25 is one addition a posting. */
#include "kernels.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  int64_t columns, size, rows;
  const float *data;
  const int32_t *indices;
  const int64_t *indptr;
  float weight; /* of the field */
} Postings;

static int column_of(const Postings *field, int64_t column, int64_t *first, int64_t *last) {
  if (column < 0 || column >= field->columns) return 0;
  *first = field->indptr[column];
  *last = field->indptr[column + 1];
  return *first >= 0 && *last >= *first && *last <= field->size;
}

/* Add the columns of all fields, by weight, to `scores` float32 [rows]. */
EXPORTED int64_t tiaowen_scores(const Postings *fields, int64_t field_count, const int64_t *columns,
                                const float *weights, int64_t count, float *scores) {
  for (int64_t at = 0; at < count; at++)
    for (const Postings *field = fields; field < fields + field_count; field++) {
      int64_t first, last;
      if (!column_of(field, columns[at], &first, &last)) return DAMAGED;
      float weight = weights[at] * field->weight;
      for (int64_t i = first; i < last; i++) {
        uint32_t row = (uint32_t)field->indices[i];
        if (row >= field->rows) return DAMAGED;
        scores[row] += field->data[i] * weight;
      }
    }
  return OK;
}

/* Set low[each] to where wanted[each] stands, or would stand, among indices[first:last]. All are
 * looked for step by step together: what one waits for from memory comes while the others do. */
static void find(const int32_t *indices, int64_t first, int64_t last, const int32_t *wanted,
                 int64_t count, int64_t *low) {
  int64_t left = last - first;
  for (int64_t each = 0; each < count; each++) low[each] = first;
  while (left > 0) {
    int64_t half = left / 2;
    for (int64_t each = 0; each < count; each++)
      low[each] += indices[low[each] + half] < wanted[each] ? left - half : 0;
    left = half;
  }
}

/* Write what each column (weight 1) adds to each of `wanted`: float32 [count, wanted_count]. */
EXPORTED int64_t tiaowen_contributions(const Postings *fields, int64_t field_count,
                                       const int64_t *columns, int64_t count, const int32_t *wanted,
                                       int64_t wanted_count, float *added) {
  int64_t *places = malloc((size_t)(wanted_count + 1) * sizeof *places), told = OK;
  if (!places) return NO_MEMORY;
  for (int64_t at = 0; at < count && told == OK; at++)
    for (const Postings *field = fields; field < fields + field_count && columns[at] >= 0;
         field++) {
      int64_t first, last;
      if (!column_of(field, columns[at], &first, &last)) {
        told = DAMAGED;
        break;
      }
      find(field->indices, first, last, wanted, wanted_count, places);
      for (int64_t each = 0; each < wanted_count; each++)
        if (places[each] < last && field->indices[places[each]] == wanted[each])
          added[at * wanted_count + each] += field->data[places[each]] * field->weight;
    }
  free(places);
  return told;
}

static int before(const float *scores, const int32_t *order, int32_t one, int32_t other) {
  if (scores[one] != scores[other]) return scores[one] > scores[other];
  return order[one] < order[other];
}

/* Let the entry at `at` of a heap of rows, worst on top, sink to its place. */
static void sink(int32_t *heap, int64_t size, int64_t at, const float *scores,
                 const int32_t *order) {
  for (;;) {
    int64_t worst = at, left = 2 * at + 1, right = left + 1;
    if (left < size && before(scores, order, heap[worst], heap[left])) worst = left;
    if (right < size && before(scores, order, heap[worst], heap[right])) worst = right;
    if (worst == at) return;
    int32_t moved = heap[at];
    heap[at] = heap[worst];
    heap[worst] = moved;
    at = worst;
  }
}

/* Bring the `k` best of `size` rows to the front, in any order (Hoare's selection). */
static void select_best(int32_t *rows, int64_t size, int64_t k, const float *scores,
                        const int32_t *order) {
  int64_t low = 0, high = size - 1;
  while (low < high) {
    int32_t pivot = rows[low + (high - low) / 2];
    int64_t left = low, right = high;
    while (left <= right) {
      while (before(scores, order, rows[left], pivot)) left++;
      while (before(scores, order, pivot, rows[right])) right--;
      if (left > right) break;
      int32_t moved = rows[left];
      rows[left++] = rows[right];
      rows[right--] = moved;
    }
    if (k - 1 <= right)
      high = right;
    else if (k - 1 >= left)
      low = left;
    else
      return;
  }
}

static void sort_best_first(int32_t *rows, int64_t size, const float *scores,
                            const int32_t *order) {
  for (int64_t at = size / 2; at-- > 0;) sink(rows, size, at, scores, order);
  for (int64_t left = size - 1; left > 0; left--) {
    int32_t worst = rows[0];
    rows[0] = rows[left];
    rows[left] = worst;
    sink(rows, left, 0, scores, order);
  }
}

/* Write the rows of the `k` largest scores above 0, best first, equals by `order`; return how many.
 * `rows` has room for `room` > k: rows are gathered there, and cut back to k when it is full, so
 * that few of them are compared more than once. */
EXPORTED int64_t tiaowen_best(const float *scores, const int32_t *order, int64_t count, int64_t k,
                              int64_t room, int32_t *rows) {
  int64_t size = 0;
  float least = 0; /* what a row must have to be among the k best so far */
  if (k <= 0) return 0;
  for (int64_t row = 0; row < count; row++) {
    if (!(scores[row] >= least) || scores[row] <= 0) continue;
    rows[size++] = (int32_t)row;
    if (size < room) continue;
    select_best(rows, size, k, scores, order);
    size = k;
    least = scores[rows[0]];
    for (int64_t at = 1; at < k; at++) least = scores[rows[at]] < least ? scores[rows[at]] : least;
  }
  if (size > k) {
    select_best(rows, size, k, scores, order);
    size = k;
  }
  sort_best_first(rows, size, scores, order);
  return size;
}
