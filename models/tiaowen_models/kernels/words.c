/* The kinds of words that clauses hold, each numbered when it is met first. */
#include "evidence.h"

static int32_t number_of(Work *work, int32_t word) {
  const Reading *reading = work->reading;
  uint64_t most = (uint64_t)work->slots - 1;
  uint64_t slot = (((uint64_t)(uint32_t)word * 0x9E3779B97F4A7C15u) >> 20) & most;
  for (; work->keys[slot] != word; slot = (slot + 1) & most) {
    if (work->keys[slot] >= 0) continue;
    work->keys[slot] = word;
    work->places[slot] = (int32_t)work->met;
    work->kinds[work->met] = word;
    ask(reading->units + word * reading->dimensions, reading->dimensions);
    ask(reading->scales + word, sizeof *reading->scales);
    ask(reading->lengths + word, sizeof *reading->lengths);
    return (int32_t)work->met++;
  }
  return work->places[slot];
}

/* Number these words; whether all are in the vocabulary. Their vectors are asked for. */
int meet(Work *work, const int32_t *words, int64_t count) {
  for (int64_t at = 0; at < count; at++) {
    if (words[at] < 0 || words[at] >= work->reading->units_count) return 0;
    work->numbers[work->numbered++] = number_of(work, words[at]);
  }
  return 1;
}
