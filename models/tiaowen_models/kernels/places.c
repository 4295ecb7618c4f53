/* Where the clauses asked for lie. No offset is trusted; what it leads to is asked for, all clauses
 * side by side, since they lie far apart and each waits for memory.
 */
#include "evidence.h"

static int rows_there(const Reading *reading, const int32_t *rows, int64_t count) {
  for (int64_t at = 0; at < count; at++) {
    int64_t row = rows[at];
    if (row < 0 || row >= reading->clauses) return 0;
    ask(reading->sentences + row, sizeof *reading->sentences);
    ask(reading->texts_at + row, sizeof *reading->texts_at);
    ask(reading->context + row, sizeof *reading->context);
    ask(reading->heading_only + row, sizeof *reading->heading_only);
  }
  return 1;
}

static int clauses_there(const Reading *reading, const int32_t *rows, int64_t count) {
  for (int64_t at = 0; at < count; at++) {
    int64_t row = rows[at], context = reading->context[row];
    int64_t first = reading->sentences[row], last = reading->sentences[row + 1];
    int64_t from = reading->texts_at[row], size = reading->texts_at[row + 1] - from;
    if (first < 0 || last <= first || last > reading->sentences_count) return 0;
    if (from < 0 || size < 0 || reading->texts_at[row + 1] > reading->texts_size) return 0;
    if (context < 0 || context >= reading->contexts_count) return 0;
    ask(reading->words_at + first, (last - first + 1) * (int64_t)sizeof *reading->words_at);
    ask(reading->spans + 2 * first, 2 * (last - first) * (int64_t)sizeof *reading->spans);
    ask(reading->norms + first, (last - first) * (int64_t)sizeof *reading->norms);
    ask(reading->contexts_at + context, sizeof *reading->contexts_at);
    ask(reading->around_at + context, sizeof *reading->around_at);
    ask(reading->texts + from, size);
  }
  return 1;
}

static int words_there(const Reading *reading, int64_t row, Extent *extent) {
  int64_t first = reading->sentences[row], last = reading->sentences[row + 1];
  int64_t context = reading->context[row],
          size = reading->texts_at[row + 1] - reading->texts_at[row];
  int64_t above = reading->contexts_at[context + 1] - reading->contexts_at[context];
  if (reading->contexts_at[context] < 0 || above < 0 ||
      reading->contexts_at[context + 1] > reading->contexts_size)
    return 0;
  int64_t from = reading->words_at[first], to = reading->words_at[last];
  int64_t outside = reading->around_at[context], end = reading->around_at[context + 1];
  if (from < 0 || to > reading->words_count || outside < 0 || end < outside ||
      end > reading->around_count)
    return 0;
  for (int64_t sentence = first; sentence < last; sentence++)
    if (reading->words_at[sentence + 1] < reading->words_at[sentence] ||
        reading->spans[2 * sentence] < 0 ||
        reading->spans[2 * sentence + 1] < reading->spans[2 * sentence])
      return 0;
  ask(reading->words + from, (to - from) * (int64_t)sizeof *reading->words);
  ask(reading->counts + from, to - from);
  ask(reading->around + outside, (end - outside) * (int64_t)sizeof *reading->around);
  extent->sentences += last - first;
  extent->words += to - from + end - outside;
  if (size > extent->bytes) extent->bytes = size;
  if (above > extent->bytes) extent->bytes = above;
  if (last - first > extent->most) extent->most = last - first;
  return 1;
}

/* Whether every offset that the rows lead to lies inside its array; how much they hold. */
int extent_of(const Reading *reading, const int32_t *rows, int64_t count, Extent *extent) {
  *extent = (Extent){0};
  if (!rows_there(reading, rows, count) || !clauses_there(reading, rows, count)) return 0;
  for (int64_t at = 0; at < count; at++)
    if (!words_there(reading, rows[at], extent)) return 0;
  return 1;
}
