"""Learn the context weights of the confused words from undamaged documents.

``python -m tiaowen_corpus.repair_training FILE…`` reads JSON lines (``.jsonl``, ``.jsonl.gz``;
every string value is text) and writes ``corpus/lexicon/damage_contexts.tsv``.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from tiaowen_corpus.places import shipped
from tiaowen_corpus.repair_contexts import Contexts, Pair, Units, log_odds
from tiaowen_corpus.repair_table import word_pairs
from tiaowen_corpus.script import fold

FEWEST = 5  # occurrences of a context below which it says nothing
FLATTEST = 0.7  # absolute log-odds below which a context is left out
STEEPEST = 5.0
STEEPEST_PRIOR = 8.0

Counts = defaultdict[str, Counter[tuple[str, str]]]


def count(texts: Iterable[str], units: Units) -> tuple[Counter[str], Counts]:
    """Count the confused words, and by word its contexts (side, units)."""
    words: Counter[str] = Counter()
    contexts: Counts = defaultdict(Counter)
    for text in texts:
        folded = fold(text)
        for unit in units.words(folded):
            words[unit.surface] += 1
            before, after = units.around(folded, unit)
            for size in range(1, len(before) + 1):
                contexts[unit.surface]["<", "".join(before[-size:])] += 1
            for size in range(1, len(after) + 1):
                contexts[unit.surface][">", "".join(after[:size])] += 1
    return words, contexts


def weigh(pairs: Iterable[Pair], words: Counter[str], contexts: Counts) -> Contexts:
    """Turn counts into log-odds."""
    priors: dict[Pair, float] = {}
    weights: dict[tuple[Pair, str, str], float] = {}
    for pair in pairs:
        right, damaged = contexts[pair.right], contexts[pair.damaged]
        totals = words[pair.right], words[pair.damaged]
        prior = math.log((totals[0] + 0.5) / (totals[1] + 0.5))
        priors[pair] = max(-STEEPEST_PRIOR, min(STEEPEST_PRIOR, prior))
        for side, context in right.keys() | damaged.keys():
            seen = right[side, context], damaged[side, context]
            weight = log_odds(*seen, *totals)
            if sum(seen) >= FEWEST:
                weights[pair, side, context] = max(-STEEPEST, min(STEEPEST, weight))
    return Contexts(priors, _useful(weights))


def _useful(
    weights: dict[tuple[Pair, str, str], float],
) -> dict[tuple[Pair, str, str], float]:
    """Drop contexts that say what a shorter one of the same side says already."""
    kept: dict[tuple[Pair, str, str], float] = {}
    for (pair, side, context), weight in sorted(weights.items(), key=lambda item: len(item[0][2])):
        shorter = (context[at:] if side == "<" else context[:-at] for at in range(1, len(context)))
        known = next((kept[pair, side, s] for s in shorter if (pair, side, s) in kept), 0.0)
        if abs(weight - known) >= FLATTEST:
            kept[pair, side, context] = weight
    return kept


def save(contexts: Contexts, path: Path) -> None:
    """Write the weights, one a line, sorted, two decimals."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        for pair, prior in sorted(contexts.priors.items(), key=lambda item: _key(item[0])):
            writer.writerow((pair.right, pair.damaged, "=", "", f"{prior:.2f}"))
        for (pair, side, context), weight in sorted(
            contexts.sides.items(), key=lambda item: (_key(item[0][0]), item[0][1:])
        ):
            writer.writerow((pair.right, pair.damaged, side, context, f"{weight:.1f}"))


def texts(path: Path) -> Iterator[str]:
    """Yield every string value of every line."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield "\n".join(v for v in json.loads(line).values() if isinstance(v, str))


def _key(pair: Pair) -> tuple[str, str]:
    return pair.right, pair.damaged


def main(paths: list[str]) -> None:
    """Train on the files and write the shipped table."""
    units = Units(word_pairs())
    words, contexts = count((t for path in paths for t in texts(Path(path))), units)
    save(weigh(units.pairs, words, contexts), shipped("corpus/lexicon") / "damage_contexts.tsv")


if __name__ == "__main__":
    main(sys.argv[1:])
