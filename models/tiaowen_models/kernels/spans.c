/* Where the sentences of clauses lie. */
#include "evidence.h"

#include <string.h>

/* Write the spans of the sentences of `rows`, one after another, int32 [room, 2]; those of row i
 * are `first[i]` to `first[i + 1]` of them. */
EXPORTED int64_t tiaowen_spans(const Reading *reading, const int32_t *rows, int64_t count,
                               int64_t room, int64_t *first, int32_t *spans) {
  first[0] = 0;
  for (int64_t at = 0; at < count; at++) {
    int64_t row = rows[at];
    if (row < 0 || row >= reading->clauses) return DAMAGED;
    int64_t start = reading->sentences[row], end = reading->sentences[row + 1];
    if (start < 0 || end < start || end > reading->sentences_count) return DAMAGED;
    if (end - start > room - first[at]) return DAMAGED;
    memcpy(spans + 2 * first[at], reading->spans + 2 * start,
           (size_t)(2 * (end - start)) * sizeof *spans);
    first[at + 1] = first[at] + end - start;
  }
  return OK;
}
