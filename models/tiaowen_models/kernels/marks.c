/* Where terms stand in the texts of clauses. */
#include "evidence.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const uint32_t *points; /* code points of the terms in a row, each `sizes` long */
  const int64_t *sizes;
  const uint8_t *words; /* which of them were asked for themselves */
  int64_t count;
  uint8_t starting[256]; /* by the low bits of a letter: whether a term may begin with it */
} Terms;

/* How long the longest of the terms is that begin a text of `size` letters, 0 if none does; `word`
 * is set where one of them was asked for itself. */
static int64_t longest_at(const Terms *terms, const uint32_t *letters, int64_t size, int *word) {
  int64_t longest = 0;
  const uint32_t *points = terms->points;
  for (int64_t term = 0; term < terms->count; points += terms->sizes[term++]) {
    int64_t length = terms->sizes[term];
    if (length == 0 || length > size || *points != *letters) continue;
    if (memcmp(letters, points, (size_t)length * sizeof *points)) continue;
    if (length > longest) longest = length;
    *word |= terms->words[term];
  }
  return longest;
}

/* Find the terms in the texts of `rows`; what overlaps is one mark, a word where one of its terms
 * is one of `words`. The marks of row i are `first[i]` to `first[i + 1]` of all, of which `room`
 * are written: starts, ends and whether it is a word, int32 [3, room]. */
EXPORTED int64_t tiaowen_marks(const Reading *reading, const int64_t *rows, int64_t count,
                               const uint32_t *points, const int64_t *sizes, const uint8_t *words,
                               int64_t term_count, int64_t room, int64_t *first, int32_t *starts) {
  int64_t most = 0, found = 0;
  int32_t *ends = starts + room, *kinds = ends + room;
  Terms terms = {.points = points, .sizes = sizes, .words = words, .count = term_count};
  for (int64_t at = 0; at < count; at++) {
    if (rows[at] < 0 || rows[at] >= reading->clauses) return DAMAGED;
    int64_t from = reading->texts_at[rows[at]], to = reading->texts_at[rows[at] + 1];
    if (from < 0 || to < from || to > reading->texts_size) return DAMAGED;
    if (to - from > most) most = to - from;
  }
  for (int64_t term = 0; term < term_count; points += sizes[term++])
    if (sizes[term]) terms.starting[*points & 255] = 1;
  uint32_t *letters = malloc((size_t)(most + 1) * sizeof *letters);
  if (!letters) return NO_MEMORY;
  for (int64_t number = 0; number < count; number++) {
    int64_t from = reading->texts_at[rows[number]], reached = 0;
    int64_t size =
        decoded(reading->texts + from, reading->texts_at[rows[number] + 1] - from, letters);
    first[number] = found;
    for (int64_t at = 0; at < size; at++) {
      int word = 0;
      if (!terms.starting[letters[at] & 255]) continue;
      int64_t length = longest_at(&terms, letters + at, size - at, &word);
      if (!length) continue;
      int apart = at >= reached;
      if (at + length > reached) reached = at + length;
      found += apart;
      if (found > room) continue;
      if (apart) {
        starts[found - 1] = (int32_t)at;
        kinds[found - 1] = 0;
      }
      ends[found - 1] = (int32_t)reached;
      kinds[found - 1] |= word;
    }
  }
  first[count] = found;
  free(letters);
  return OK;
}
