/* Letters of a text: its code points, which terms stand in its sentences, runs of the query in it.
 */
#include "evidence.h"

#include <string.h>

/* Write the code points of a text in UTF-8; return how many. */
int64_t decoded(const uint8_t *bytes, int64_t size, uint32_t *letters) {
  int64_t count = 0;
  for (int64_t at = 0; at < size;) {
    uint32_t first = bytes[at];
    if ((first & 0xF0) == 0xE0 && at + 3 <= size) { /* nearly all of a Chinese text */
      letters[count++] =
          (first & 0x0F) << 12 | (uint32_t)(bytes[at + 1] & 0x3F) << 6 | (bytes[at + 2] & 0x3F);
      at += 3;
      continue;
    }
    int more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t letter = more == 0 ? first : first & (0x3Fu >> more);
    at++;
    for (int i = 0; i < more && at < size; i++) letter = letter << 6 | (bytes[at++] & 0x3F);
    letters[count++] = letter;
  }
  return count;
}

/* Set held[piece * terms + term] to 1 where a term stands whole inside a piece of the text. */
void hold(const Query *query, const uint32_t *letters, int64_t count, const int32_t *spans,
          int64_t pieces, float *held) {
  memset(held, 0, (size_t)(pieces * query->terms) * sizeof *held);
  for (int64_t block = 0; block < query->terms; block += 64) {
    uint64_t starting[256] = {0}; /* by the low bits of the first letter: terms worth comparing */
    int64_t last = query->terms - block < 64 ? query->terms : block + 64;
    for (int64_t term = block; term < last; term++)
      if (query->point_at[term + 1] > query->point_at[term])
        starting[query->points[query->point_at[term]] & 255] |= (uint64_t)1 << (term - block);
    int64_t piece = 0;
    for (int64_t at = 0; at < count; at++) {
      uint64_t maybe = starting[letters[at] & 255];
      if (!maybe) continue;
      while (piece + 1 < pieces && spans[2 * (piece + 1)] <= at) piece++;
      if (at < spans[2 * piece]) continue;
      for (int64_t term = block; maybe; term++, maybe >>= 1) {
        if (!(maybe & 1)) continue;
        const uint32_t *points = query->points + query->point_at[term];
        int64_t size = query->point_at[term + 1] - query->point_at[term];
        if (at + size > spans[2 * piece + 1] || at + size > count) continue;
        if (!memcmp(letters + at, points, (size_t)size * sizeof *points))
          held[piece * query->terms + term] = 1;
      }
    }
  }
}

/* The longest common piece by the usual table, a row for each character asked. */
WIDE void runs(const uint32_t *letters, int64_t count, const uint32_t *asked, int64_t length,
               int32_t *longest, int32_t *run, int32_t *grown) {
  memset(longest, 0, (size_t)(count + 1) * sizeof *longest);
  memset(run, 0, (size_t)(count + 1) * sizeof *run);
  for (int64_t at = 0; at < length; at++) {
    uint32_t letter = asked[at];
    grown[0] = 0;
    for (int64_t i = 0; i < count; i++) grown[i + 1] = letters[i] == letter ? run[i] + 1 : 0;
    for (int64_t i = 1; i <= count; i++) longest[i] = longest[i] > grown[i] ? longest[i] : grown[i];
    int32_t *other = run;
    run = grown;
    grown = other;
  }
}
