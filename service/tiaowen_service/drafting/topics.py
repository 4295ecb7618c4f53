"""Topics of the corpus: non-negative factors of its clauses, labelled by their words."""

from __future__ import annotations

from collections import Counter
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np

from tiaowen_service.drafting.terms import words_of
from tiaowen_service.drafting.workshop import Workshop

FEWEST_WORDS = 4  # of a clause; headings alone say too little
MOST_CLAUSES = 20_000  # every n-th clause beyond it
TERMS = 10


def topics(workshop: Workshop, count: int) -> dict[str, Any]:
    """Return ``count`` topics, the largest first, with terms, documents and leading clauses.

    Factors start from a singular value decomposition, not from chance: the same corpus gives the
    same topics, and a topic is named by its words, so that it keeps its name in a re-index.
    """
    # scikit-learn takes two seconds to import: only who asks for topics waits for it
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfVectorizer

    step = 1 + len(workshop.clauses) // MOST_CLAUSES
    worded = [(stored, words_of(workshop, stored)) for stored in workshop.clauses[::step]]
    worded = [(stored, words) for stored, words in worded if len(words) >= FEWEST_WORDS]
    none = {"topics": [], "clauses": len(worded), "index_version": workshop.searcher.version}
    vectoriser = TfidfVectorizer(
        analyzer=lambda words: words, min_df=2 if len(worded) > 20 else 1, max_df=0.3
    )
    try:
        matrix = vectoriser.fit_transform([words for _, words in worded])
    except ValueError:  # too few clauses, or all alike: no word tells some of them from the others
        return none
    names = vectoriser.get_feature_names_out()
    size = max(1, min(count, min(matrix.shape) - 1))
    model = NMF(n_components=size, init="nndsvd", max_iter=300)
    with catch_warnings():  # a few rounds short of convergence, terms no longer change
        simplefilter("ignore", ConvergenceWarning)
        weights = model.fit_transform(matrix)
    share = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    year = {entry.doc_id: entry.issued[:4] for entry in workshop.searcher.catalogue.entries}
    rows = []
    for number in range(size):
        order = np.lexsort((names, -model.components_[number]))[:TERMS]
        terms = [str(names[at]) for at in order]
        leading = np.argsort(-weights[:, number], kind="stable")[:5]
        of_topic = np.flatnonzero((share.argmax(axis=1) == number) & (weights.sum(axis=1) > 0))
        documents = Counter(worded[at][0].clause.doc_id for at in of_topic)
        rows.append(
            {
                "topic": "-".join(terms[:3]),
                "label": "、".join(terms[:3]),
                "terms": [
                    {
                        "term": str(names[at]),
                        "weight": round(float(model.components_[number][at]), 4),
                    }
                    for at in order
                ],
                "clauses": len(of_topic),
                "documents": dict(documents.most_common(10)),
                "years": _by_year(documents, year),
                "leading": [worded[at][0].clause.clause_id for at in leading],
            }
        )
    rows.sort(key=lambda row: (-int(str(row["clauses"])), str(row["topic"])))
    return none | {"topics": rows}


def _by_year(documents: Counter[str], year: dict[str, str]) -> dict[str, int]:
    """Count clauses by the year of their document, "" where it is undated."""
    counts: Counter[str] = Counter()
    for doc_id, number in documents.items():
        counts[year[doc_id]] += number
    return dict(sorted(counts.items()))
