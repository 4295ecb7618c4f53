"""What a ranking model measures of each candidate, as one matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.types import Span

from tiaowen_models.protocols import Candidates, Floats, QueryAnalysis, SentenceSource
from tiaowen_models.ranking_query import Asked, asked
from tiaowen_models.signals import Signals
from tiaowen_models.wording import Meaning, Wording, Wordings, WordTable

INTENTS = ("who", "when", "how_often", "how_many", "may", "prohibited", "penalty", "how", "why")
LEGS = ("bm25 share", "bm25 of ideal", "bm25 rank", "cosine", "cosine spread", "vector rank")
WORDING = (
    "words held",
    "terms held",
    "terms in headings",
    "terms anywhere",
    "terms in one sentence",
    "meaning beyond terms",
    "meaning beyond terms anywhere",
    "weakest soft match",
    "soft match by meaning",
    "focus",
    "best sentence",
    "best sentence spread",
    "longest run",
    "whole query held",
    "figures held",
    "periods held",
    *(f"asks {name}" for name in INTENTS),
    "asked kinds held",
    "asked kinds near terms",
    "asked unit held",
    "asked unit near terms",
    "heading only",
    "length",
    "sentences",
)
NAMES = (*LEGS, *WORDING)
LONG_RUN = 12  # characters: a longer common run says no more
_SHORT = 12.0  # characters: log-length is counted from here

Matrix = NDArray[np.float32]


def measure(analysis: QueryAnalysis, candidates: Candidates, at: Any, wordings: Wordings) -> Matrix:
    """Return float32 ``[len(at), len(NAMES)]`` for the candidates at positions ``at``."""
    table, found = wordings.of([candidates.texts[int(i)] for i in at])
    query = asked(analysis, candidates.idf)
    meaning = wordings.meaning(query.terms, analysis.folded)
    legs = _legs(query, candidates, at)
    return _matrix([*legs, *_wording(analysis, query, found, table=table, meaning=meaning)])


def measure_sentences(
    analysis: QueryAnalysis,
    query: Asked,
    texts: Sequence[SentenceSource],
    cuts: Sequence[Sequence[Span]],
    *,
    wordings: Wordings,
) -> Matrix:
    """Return float32 ``[n, len(WORDING)]``: the sentences of all texts as if they were clauses."""
    table, found = wordings.sentences(texts, cuts)
    meaning = wordings.meaning(query.terms, analysis.folded)
    return _matrix(_wording(analysis, query, found, table=table, meaning=meaning))


def _wording(
    analysis: QueryAnalysis,
    query: Asked,
    found: Sequence[Wording],
    *,
    table: WordTable,
    meaning: Meaning,
) -> list[Any]:
    held = _held(query, [wording.text for wording in found])
    around = _held(query, [wording.context for wording in found])
    inside = _sentences(query, held, found)
    covered = _covered(query, held, around, inside)
    soft = _soft(query, held, around, table=table, found=found, meaning=meaning)
    # what the vectors add to the terms held, so that no share takes back what another gave
    beyond = [soft[0] - covered[1], soft[1] - covered[3], *soft[2:]]
    return [
        *covered,
        *beyond,
        *_sentence_cosines(meaning.query, found),
        *_runs(query, found),
        *_asked_kinds(analysis, query, found, inside),
        *_shape(found),
    ]


def _matrix(columns: Sequence[Any]) -> Matrix:
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _legs(query: Asked, candidates: Candidates, at: Any) -> list[Floats]:
    bm25, cosine = candidates.bm25[at], candidates.vector[at]
    best = max(float(candidates.bm25.max(initial=0.0)), 1e-6)
    return [
        bm25 / best,
        bm25 / max(query.ideal, 1e-6),
        _reciprocal(candidates.bm25_rank[at]),
        cosine,
        spread(cosine),
        _reciprocal(candidates.vector_rank[at]),
    ]


def _reciprocal(ranks: Any) -> Floats:
    return np.where(ranks > 0, 1.0 / (2.0 + ranks), 0.0).astype(np.float32)


def spread(values: Floats) -> Floats:
    """Distance to the best value, in standard deviations; at most 0."""
    if not len(values):
        return values
    deviation = max(float(values.std()), 1e-3)
    return np.asarray((values - values.max()) / deviation, np.float32)


def _held(query: Asked, texts: Sequence[str]) -> Floats:
    """Return float32 ``[t, n]``: 1 where a text holds a term."""
    held = [[term in text for text in texts] for term in query.terms]
    return np.array(held, np.float32).reshape(len(query.terms), len(texts))


def _by_group(query: Asked, values: Floats) -> Floats:
    """Return the largest value of each group, float32 ``[g, n]``; terms stand by group."""
    if not len(query.starts):
        return np.zeros((0, values.shape[1]), np.float32)
    return np.asarray(np.maximum.reduceat(values, query.starts, axis=0), np.float32)


def _share(query: Asked, grouped: Floats) -> Floats:
    total = float(query.weight.sum())
    return np.asarray(query.weight @ grouped / max(total, 1e-6), np.float32)


def _covered(query: Asked, held: Floats, around: Floats, inside: _Sentences) -> list[Floats]:
    strength = query.strength[:, None]
    anywhere = np.maximum(held, 0.8 * around)
    return [
        _share(query, _by_group(query, held * query.exact[:, None])),
        _share(query, _by_group(query, held * strength)),
        _share(query, _by_group(query, around * strength)),
        _share(query, _by_group(query, anywhere * strength)),
        inside.best(inside.shares),
    ]


@dataclass(frozen=True, slots=True)
class _Sentences:
    """The sentences of all clauses in a row, clause n from ``starts[n]`` on."""

    starts: Any
    shares: Floats  # of the query, by the terms that each sentence holds
    facts: list[Signals]

    def best(self, values: Floats) -> Floats:
        """Return the largest value of each clause's sentences."""
        return np.asarray(np.maximum.reduceat(values, self.starts), np.float32)


def _sentences(query: Asked, held: Floats, found: Sequence[Wording]) -> _Sentences:
    sizes = np.array([max(1, len(wording.spans)) for wording in found])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    facts = [fact for wording in found for fact in (wording.pieces or (wording.facts,))]
    if not len(query.terms):
        return _Sentences(starts, np.zeros(int(sizes.sum()), np.float32), facts)
    inside = np.repeat(held, sizes, axis=1)
    terms, numbers = np.nonzero(held[:, sizes > 1])
    several = np.flatnonzero(sizes > 1)[numbers]
    for term, number in zip(terms.tolist(), several.tolist(), strict=True):
        text, wanted = found[number].text, query.terms[term]
        for column, span in enumerate(found[number].spans, starts[number]):
            if text.find(wanted, span.start, span.end) < 0:
                inside[term, column] = 0.0
    shares = _share(query, _by_group(query, inside * query.strength[:, None]))
    return _Sentences(starts, shares, facts)


def _soft(
    query: Asked,
    held: Floats,
    around: Floats,
    *,
    table: WordTable,
    found: Sequence[Wording],
    meaning: Meaning,
) -> list[Floats]:
    """Best match of each word asked among the words of the clause, by their vectors."""
    count = len(found)
    if not query.terms or not count:
        return [np.zeros(count, np.float32)] * 5
    units, lengths = meaning.units, meaning.lengths
    inside = [wording.words for wording in found]
    outside = [wording.around for wording in found]
    used, flat = _distinct(np.concatenate([*inside, *outside]), len(table))
    alike = np.maximum(table.units[used] @ units.T, 0.0)  # [u, t]
    split = sum(len(words) for words in inside)
    strength = query.strength[:, None]
    body = np.maximum(_best(alike, flat[:split], inside), held) * strength
    above = np.maximum(_best(alike, flat[split:], outside), around) * strength
    grouped = _by_group(query, body)
    both = np.maximum(grouped, 0.8 * _by_group(query, above))
    heavy = query.weight >= 0.5 * query.weight.max(initial=0.0)
    meant = np.maximum.reduceat(lengths, query.starts)
    return [
        _share(query, grouped),
        _share(query, both),
        both[heavy].min(axis=0),
        np.asarray(meant @ both / max(float(meant.sum()), 1e-6), np.float32),
        _focus((alike * query.strength).max(axis=1), table.lengths[used], flat[:split], inside),
    ]


def _distinct(words: Any, size: int) -> tuple[Any, Any]:
    """Return the distinct word numbers and, for every word, its place among them."""
    place = np.zeros(size, np.int32)
    place[words] = 1
    used = np.flatnonzero(place)
    place[used] = np.arange(len(used), dtype=np.int32)
    return used, place[words]


def _best(alike: Floats, flat: Any, texts: Sequence[Any]) -> Floats:
    """Return the largest likeness of each term in each text, float32 ``[t, n]``."""
    best = np.zeros((alike.shape[1], len(texts)), np.float32)
    sizes = np.array([len(words) for words in texts])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])[sizes > 0].astype(np.int64)
    if len(starts):
        best[:, sizes > 0] = np.maximum.reduceat(alike[flat], starts, axis=0).T
    return best


def _focus(likeness: Floats, lengths: Floats, flat: Any, texts: Sequence[Any]) -> Floats:
    """Share of the clause's own words, by their weight, that the query is about."""
    focus = np.zeros(len(texts), np.float32)
    sizes = np.array([len(words) for words in texts])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])[sizes > 0].astype(np.int64)
    if len(starts):
        about = np.add.reduceat((likeness * lengths)[flat], starts)
        total = np.add.reduceat(lengths[flat], starts)
        focus[sizes > 0] = about / np.maximum(total, 1e-6)
    return focus


def _sentence_cosines(query: Floats, found: Sequence[Wording]) -> list[Floats]:
    sizes = np.array([len(wording.vectors) for wording in found])
    best = np.zeros(len(found), np.float32)
    if sizes.sum():
        cosines = np.concatenate([wording.vectors for wording in found]) @ query
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])[sizes > 0].astype(np.int64)
        best[sizes > 0] = np.maximum.reduceat(cosines, starts)
    return [best, spread(best)]


def _runs(query: Asked, found: Sequence[Wording]) -> list[Any]:
    whole = sum(map(len, query.han))
    lengths = np.array([_longest(query.han, wording.text) for wording in found])
    return [
        np.minimum(lengths / min(max(1, whole), LONG_RUN), 1.0),
        (lengths == whole) & (whole > 0),
    ]


def _longest(runs: Sequence[str], text: str) -> int:
    """Return the length of the longest piece of any run that the text holds, 0 below two."""
    best = 1
    for run in runs:
        for at in range(len(run) - 1):
            while at + best < len(run) and run[at : at + best + 1] in text:
                best += 1
    return best if best > 1 else 0


def _asked_kinds(
    analysis: QueryAnalysis, query: Asked, found: Sequence[Wording], inside: _Sentences
) -> list[Any]:
    nothing = np.zeros(len(found), np.float32)
    served = {name: [float(w.facts.serves(name)) for w in found] for name in analysis.asks}
    figures, periods = query.figures, query.periods
    return [
        [_part(figures, w.facts.figures) for w in found] if figures else nothing,
        [_part(periods, w.facts.periods) for w in found] if periods else nothing,
        *(served.get(name, nothing) for name in INTENTS),
        np.mean(list(served.values()), axis=0) if served else nothing,
        _kinds_near(analysis, inside) if served else nothing,
        [float(w.facts.gives(query.units)) for w in found] if query.units else nothing,
        _units_near(query, inside) if query.units else nothing,
    ]


def _kinds_near(analysis: QueryAnalysis, inside: _Sentences) -> Floats:
    """Share of the query in the sentence that serves an intent, mean over the intents asked."""
    served = [[fact.serves(name) for fact in inside.facts] for name in analysis.asks]
    return inside.best(inside.shares * np.mean(np.array(served, np.float32), axis=0))


def _units_near(query: Asked, inside: _Sentences) -> Floats:
    """Share of the query in the sentence that states a quantity of the kind asked for."""
    given = np.array([fact.gives(query.units) for fact in inside.facts], np.float32)
    return inside.best(inside.shares * given)


def _part(wanted: frozenset[str], there: frozenset[str]) -> float:
    return len(wanted & there) / len(wanted)


def _shape(found: Sequence[Wording]) -> list[Any]:
    return [
        [float(wording.heading_only) for wording in found],
        np.log2([1.0 + len(wording.text) / _SHORT for wording in found]),
        np.log2([1.0 + len(wording.spans) for wording in found]),
    ]
