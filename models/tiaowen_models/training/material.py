"""Everything a training run learns from: which sources, as numbers, with which features."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from tiaowen_models.features import Vocabulary
from tiaowen_models.training import bilingual, sources, statutes
from tiaowen_models.training.bank import (
    BankedSource,
    Ints,
    TokenBank,
    bank_source,
    choose_vocabulary,
    token_features,
)
from tiaowen_models.training.batches import Drop, Sampler
from tiaowen_models.training.negatives import unjudged
from tiaowen_models.training.sources import Source
from tiaowen_models.training.translation import Translator, lexical_probabilities

LOG = logging.getLogger(__name__)
SEED = 20_240_601

# Where word translations are learned; the glossary counts three times.
PARALLEL = (
    "law_articles_en",
    "law_sentences_en",
    "reports_en",
    "tatoeba_en",
    "titles_en",
    "cedict",
    *("glossary",) * 3,
)
# Whose clauses are articles of the statute book: held against the rest of it.
OF_BOOK = ("statutes", "lawyers_statutes")
BOOK = "statute_book"


@dataclass
class Material:
    """Everything a run learns from, as numbers."""

    tokens: list[str]
    flat: Ints
    ends: Ints
    banked: dict[str, BankedSource]
    vocabulary: Vocabulary
    shares: sp.csr_matrix
    frequency: NDArray[np.float64]
    translator: Translator
    unjudged: Ints  # rows of the statute book that answer no training question


def gather(data: Path, own: Path, lexicon: Path) -> list[Source]:
    """Read every training source; held-out topics and statute questions stay out.

    ``data`` is the external data, ``own`` holds ``pairs`` and ``words`` written for the project.
    """
    return [
        *sources.passage_sources(data),
        *sources.public_pairs(data),
        statutes.statute_pairs(data, dev=False),
        *statutes.answer_pairs(data),
        statutes.statute_book(data),
        *sources.asker_pairs([data / "train", own / "pairs"], dev=False),
        *bilingual.parallel_sources(data),
        *bilingual.word_sources(data),
        bilingual.glossary_source(lexicon / "glossary.tsv"),
        bilingual.everyday_source(own / "words", lexicon),
    ]


def prepare(found: Iterable[Source], *, features: int) -> Material:
    """Turn sources into arrays, choose the features, learn the word translations."""
    bank, named = TokenBank(), {source.name: source for source in found}
    banked = {name: bank_source(bank, source) for name, source in named.items()}
    tokens = bank.tokens
    flat, ends = bank.arrays()
    LOG.info("%d sources, %d tokens running, %d kinds", len(banked), len(flat), len(tokens))
    vocabulary = choose_vocabulary(tokens, flat, limit=features)
    shares = token_features(vocabulary, tokens)
    running = np.bincount(flat, minlength=len(tokens)).astype(np.float32)
    frequency = np.asarray(running @ (shares > 0)).ravel().astype(np.float64)
    translator = _translator(banked, flat, ends, len(tokens))
    LOG.info("%d features, %d words translate", shares.shape[1], int(translator.knows.sum()))
    judged = [named[name] for name in OF_BOOK if name in named]
    rows = unjudged(named[BOOK], judged) if BOOK in named else np.array([], dtype=np.int64)
    return Material(tokens, flat, ends, banked, vocabulary, shares, frequency, translator, rows)


def _translator(
    banked: dict[str, BankedSource], flat: Ints, ends: Ints, n_tokens: int
) -> Translator:
    sampler = Sampler(flat, ends, n_tokens, np.random.default_rng(SEED), Drop(0, 0))
    sides = []
    for name in PARALLEL:
        rows = banked.get(name)
        if rows is not None and len(rows):
            sides.append((sampler.whole(rows.clause), sampler.whole(rows.query)))
    chinese = sp.vstack([zh for zh, _ in sides], format="csr")
    english = sp.vstack([en for _, en in sides], format="csr")
    return Translator(lexical_probabilities(chinese, english))
