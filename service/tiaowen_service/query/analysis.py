"""Read a query: fold it, find its language, words, phrases and figures, and widen it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tiaowen_corpus.lexicon import Lexicon
from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Script
from tiaowen_indexer.terms import SearchTerms
from tiaowen_models.protocols import Language, QueryAnalysis, QueryTerm

from tiaowen_service.query.asking import without_asking
from tiaowen_service.query.expressions import Expressions
from tiaowen_service.query.numbers import figures
from tiaowen_service.query.stopwords import STOPWORDS

PART = 0.35  # weights of a term by where it comes from; measured on the seeds
SYNONYM = 0.4
TRANSLATION = 0.8
MOST_KIN = 6  # synonyms of one word; the lexicon lists the nearest first
LONGEST_ENGLISH = 5  # words of an English one

_QUOTED = re.compile(r"“([^“”]{2,60})”|「([^「」]{2,60})」|『([^『』]{2,60})』|\"([^\"]{2,60})\"")
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_LATIN = re.compile(r"[a-z]+(?:['’][a-z]+)?")


@dataclass(frozen=True)
class Analyser:
    """Analyses queries against one lexicon and one tokeniser."""

    terms: SearchTerms
    lexicon: Lexicon

    @cached_property
    def _intents(self) -> list[tuple[str, frozenset[str], re.Pattern[str]]]:
        """Names, what one of their words begins with, and what finds them."""
        return [
            (intent.name, frozenset(word[0] for word in intent.words), _asked_by(intent.words))
            for intent in self.lexicon.intents
        ]

    @cached_property
    def _with_synonyms(self) -> Expressions:
        return Expressions.of(self.lexicon.synonyms)

    @cached_property
    def _abbreviated(self) -> Expressions:
        return Expressions.of(self.lexicon.abbreviations)

    def analyse(self, query: str) -> QueryAnalysis:
        """Return what was understood of ``query``; a query without a word gives no terms."""
        folded = fold(query)
        words = self._words(folded)
        added = list(_distinct([*self._synonyms(folded, words), *self._translations(folded)]))
        return QueryAnalysis(
            query=query,
            folded=folded,
            language=_language(folded),
            script=_script(query, folded),
            words=words,
            terms=tuple(_distinct([*self._asked(words), *added])),
            phrases=tuple(
                dict.fromkeys(
                    next(filter(None, match.groups())) for match in _QUOTED.finditer(folded)
                )
            ),
            numbers=figures(folded),
            asks=self._asks(folded),
        )

    def _asks(self, folded: str) -> tuple[str, ...]:
        letters = set(folded)  # tells sooner than a pattern that nothing is asked
        return tuple(
            name
            for name, beginnings, asked in self._intents
            if not beginnings.isdisjoint(letters) and asked.search(folded)
        )

    def _words(self, folded: str) -> tuple[str, ...]:
        tokens = self.terms.tokeniser.words(without_asking(folded))
        content = [token for token in tokens if token not in STOPWORDS]
        return tuple(dict.fromkeys(content or self.terms.tokeniser.words(folded)))

    def _asked(self, words: tuple[str, ...]) -> Iterator[QueryTerm]:
        for word in words:
            yield QueryTerm(word, word, 1.0, "word")
            for part in self.terms.parts(word):
                yield QueryTerm(part, word, PART, "part")

    def _synonyms(self, folded: str, words: tuple[str, ...]) -> Iterator[QueryTerm]:
        kin = self._with_synonyms.found_in(folded)
        for term in dict.fromkeys([*kin, *words]):
            for other in self.lexicon.synonyms.get(term, ())[:MOST_KIN]:
                yield from self._spelt(other, term, SYNONYM, "synonym")
        for term in self._abbreviated.found_in(folded):
            for other in self.lexicon.abbreviations[term]:
                yield from self._spelt(other, term, SYNONYM, "synonym")

    def _translations(self, folded: str) -> Iterator[QueryTerm]:
        words = _LATIN.findall(folded)
        at = 0
        while at < len(words):
            size, chinese = self._longest_english(words, at)
            for other in chinese[:3]:
                source = " ".join(words[at : at + size])
                yield from self._spelt(other, source, TRANSLATION, "translation")
            at += size

    def _longest_english(self, words: list[str], at: int) -> tuple[int, tuple[str, ...]]:
        for size in range(min(LONGEST_ENGLISH, len(words) - at), 0, -1):
            phrase = words[at : at + size]
            if size == 1 and phrase[0] in STOPWORDS:
                break
            for last in _singulars(phrase[-1]):
                found = self.lexicon.to_chinese.get(" ".join([*phrase[:-1], last]))
                if found:
                    return size, found
        return 1, ()

    def _spelt(self, other: str, source: str, weight: float, origin: str) -> Iterator[QueryTerm]:
        """Yield the search terms of an added expression, its weight shared among its words."""
        found = [word for word in dict.fromkeys(self.terms.of(other)) if word not in STOPWORDS]
        for word in found:
            kind = "translation" if origin == "translation" else "synonym"
            yield QueryTerm(word, source, weight / len(found) ** 0.5, kind)  # type: ignore[arg-type]


def _distinct(terms: list[QueryTerm]) -> Iterator[QueryTerm]:
    """Keep each term once, with its largest weight; what was asked comes before what was added."""
    best: dict[str, QueryTerm] = {}
    for term in terms:
        if term.text not in best or best[term.text].weight < term.weight:
            best[term.text] = term
    yield from best.values()


def _singulars(word: str) -> Iterator[str]:
    yield word
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("s"):
        yield word[:-1]
    else:
        yield word + "s"


def _asked_by(words: Sequence[str]) -> re.Pattern[str]:
    """Match any of the words; English ones only as whole words."""
    parts = [rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in words]
    return re.compile("|".join(parts) or r"(?!)")


def _language(folded: str) -> Language:
    han, latin = bool(_HAN.search(folded)), bool(_LATIN.search(folded))
    if han and latin:
        return "mixed"
    return "zh" if han else "en" if latin else "none"


def _script(query: str, folded: str) -> Script:
    if not _HAN.search(folded):
        return "latin"
    changed = any(
        one != other and _HAN.match(other) for one, other in zip(query, folded, strict=True)
    )
    return "traditional" if changed else "simplified"
