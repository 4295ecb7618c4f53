/* Sums over the columns of a sparse matrix: BM25 is one addition a posting. */
#include "kernels.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  BLOCK = 64,      /* rows looked at together: few of them are among the best */
  LEAST_ROOM = 256 /* rows gathered beside those wanted, before they are cut back */
};

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

/* `worth`: the score's bits, which order numbers above 0 as they are, over the reversed order. */
typedef struct {
  uint64_t worth;
  int32_t row;
} Candidate;

/* Say of the candidates what they are worth, by their rows. */
static void weigh(Candidate *found, int64_t size, const float *scores, const int32_t *order) {
  for (int64_t at = 0; at < size; at++) {
    uint32_t bits, before = (uint32_t)(INT32_MAX - (int64_t)order[found[at].row]);
    memcpy(&bits, scores + found[at].row, sizeof bits);
    found[at].worth = (uint64_t)bits << 32 | before;
  }
}

static inline void swap(Candidate *one, Candidate *other) {
  Candidate moved = *one;
  *one = *other;
  *other = moved;
}

/* Let the entry at `at` of a heap, worst on top, sink to its place. */
static void sink(Candidate *heap, int64_t size, int64_t at) {
  for (;;) {
    int64_t worst = at, left = 2 * at + 1, right = left + 1;
    if (left < size && heap[left].worth < heap[worst].worth) worst = left;
    if (right < size && heap[right].worth < heap[worst].worth) worst = right;
    if (worst == at) return;
    swap(heap + at, heap + worst);
    at = worst;
  }
}

/* Bring the `k` best to the front, in any order (Hoare's selection). */
static void select_best(Candidate *found, int64_t size, int64_t k) {
  int64_t low = 0, high = size - 1;
  while (low < high) {
    uint64_t pivot = found[low + (high - low) / 2].worth;
    int64_t left = low, right = high;
    while (left <= right) {
      while (found[left].worth > pivot) left++;
      while (found[right].worth < pivot) right--;
      if (left > right) break;
      swap(found + left++, found + right--);
    }
    if (k - 1 <= right)
      high = right;
    else if (k - 1 >= left)
      low = left;
    else
      return;
  }
}

/* Weigh the candidates after the first `weighed`, and keep the `k` best of all; return how many. */
static int64_t cut_back(Candidate *found, int64_t weighed, int64_t size, int64_t k,
                        const float *scores, const int32_t *order) {
  weigh(found + weighed, size - weighed, scores, order);
  if (size <= k) return size;
  select_best(found, size, k);
  return k;
}

static void sort_best_first(Candidate *found, int64_t size) {
  for (int64_t at = size / 2; at-- > 0;) sink(found, size, at);
  for (int64_t left = size - 1; left > 0; left--) {
    swap(found, found + left);
    sink(found, left, 0);
  }
}

/* Write the rows of the `k` largest scores above 0, best first, equals by `order`; return how many.
 * They are gathered with room for more, and cut back to k when that is full, so that few of them
 * are compared more than once. */
EXPORTED int64_t tiaowen_best(const float *scores, const int32_t *order, int64_t count, int64_t k,
                              int32_t *rows) {
  int64_t size = 0, weighed = 0, room = 2 * k + LEAST_ROOM;
  float least = FLT_TRUE_MIN; /* what a row must have to be among the k best so far */
  if (k <= 0) return 0;
  Candidate *found = malloc((size_t)room * sizeof *found);
  if (!found) return NO_MEMORY;
  for (int64_t row = 0; row < count; row += BLOCK) {
    int64_t last = row + BLOCK < count ? row + BLOCK : count;
    int any = 0;
    for (int64_t at = row; at < last; at++) any |= scores[at] >= least;
    if (!any) continue;
    for (int64_t at = row; at < last; at++) { /* no branch, which would be guessed wrong */
      found[size].row = (int32_t)at;
      size += scores[at] >= least;
    }
    if (size + BLOCK < room) continue;
    size = weighed = cut_back(found, weighed, size, k, scores, order);
    least = INFINITY;
    for (int64_t at = 0; at < k; at++)
      if (scores[found[at].row] < least) least = scores[found[at].row];
  }
  size = cut_back(found, weighed, size, k, scores, order);
  sort_best_first(found, size);
  for (int64_t at = 0; at < size; at++) rows[at] = found[at].row;
  free(found);
  return size;
}
