"""Words of clauses counted, and what sets one document's words apart from the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from tiaowen_indexer.store import StoredClause

from tiaowen_service.drafting.workshop import Workshop
from tiaowen_service.query.stopwords import STOPWORDS

PRIOR = 500.0  # pseudo-words of the whole corpus that a word's share is smoothed with
_WORD = re.compile(r"[㐀-鿿]{2,}")


def words_of(workshop: Workshop, stored: StoredClause) -> list[str]:
    """Return the content words of a clause's wording and own heading."""
    tokeniser = workshop.searcher.analyser.terms.tokeniser
    text = stored.searchable if stored.clause.kind != "heading" else stored.clause.heading
    return [
        token.text
        for token in tokeniser.tokens(text)
        if _WORD.fullmatch(token.text) and token.text not in STOPWORDS
    ]


def counts_of(workshop: Workshop, clauses: Sequence[StoredClause]) -> Counter[str]:
    """Return how often each content word stands in ``clauses``."""
    counts: Counter[str] = Counter()
    for stored in clauses:
        counts.update(words_of(workshop, stored))
    return counts


def key_terms(own: Counter[str], every: Counter[str], *, most: int = 20) -> list[dict[str, object]]:
    """Return the words that a document uses more than the rest, most telling first.

    Log-odds ratio with an informative Dirichlet prior, as a z-score (Monroe, Colaresi & Quinn,
    Political Analysis 2008); ``every`` counts the whole corpus, the document included.
    """
    total, own_total = sum(every.values()), sum(own.values())
    rest_total = total - own_total
    found = []
    for word, count in own.items():
        prior = PRIOR * every[word] / total
        rest = every[word] - count
        here = np.log((count + prior) / (own_total + PRIOR - count - prior))
        there = np.log((rest + prior) / (rest_total + PRIOR - rest - prior))
        score = float((here - there) / np.sqrt(1 / (count + prior) + 1 / (rest + prior)))
        found.append((score, word, count))
    found.sort(key=lambda one: (-one[0], one[1]))
    return [
        {"term": word, "count": count, "score": round(score, 3)}
        for score, word, count in found[:most]
        if score > 0
    ]
