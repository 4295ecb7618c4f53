"""English-Chinese pairs, cut as finely as their numbering allows, and words with their kin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tiaowen_models.training.sources import Pair, Source, read_json, read_table, units

_EN_STOP = re.compile(r"(?<=[.;:])\s+(?=[A-Z(\d])")
_ZH_STOP = re.compile(r"(?<=[。；：])")
_EN_ITEM = re.compile(r"(?:(?<=\s)|^)\(?(\d{1,2})[.)]\s+(?=[A-Z])")
_ZH_ITEM = re.compile(r"\n?[一二三四五六七八九十]{1,3}、")
_GLOSS_NOTE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\b(?:CL:|abbr\.|variant|surname)\S*.*")
_MAX_SENTENCE = 6  # articles of more sentences are not aligned one to one


def _aligned(english: str, chinese: str) -> Iterator[tuple[str, str]]:
    """Yield the whole pair, then its items or sentences where both sides have equally many."""
    yield english, chinese
    for en_rule, zh_rule in ((_EN_ITEM, _ZH_ITEM), (_EN_STOP, _ZH_STOP)):
        en = [part for part in en_rule.split(english) if part and not part.isdigit()]
        zh = [part for part in zh_rule.split(chinese) if part.strip()]
        fits = len(en) == len(zh) > 1 and (en_rule is _EN_ITEM or len(en) <= _MAX_SENTENCE)
        if fits:
            yield from zip(en, zh, strict=True)
            return


def _english(text: str) -> tuple[str, ...]:
    return units(text) or (text,)


def parallel_sources(data: Path) -> Iterator[Source]:
    """Yield statutes, government work reports, titles and everyday sentences in both languages."""
    train = data / "train"
    whole, parts = [], []
    for row in read_json(train / "en_zh_law_articles_tw.jsonl.gz"):
        first, *rest = _aligned(row["en"], row["zh"])
        whole.append(Pair(_english(first[0][:600]), units(first[1])))
        parts += [Pair(_english(en), units(zh)) for en, zh in rest]
    yield Source("law_articles_en", "pairs", True, whole)
    yield Source("law_sentences_en", "pairs", True, parts)
    reports = [
        Pair(_english(en), units(zh))
        for row in read_table(train / "en_zh_government_work_reports.tsv.gz")
        for en, zh in _aligned(row["en"], row["zh"])
    ]
    yield Source("reports_en", "pairs", True, reports)
    for name, file in (
        ("titles_en", "en_zh_law_titles_tw.tsv.gz"),
        ("tatoeba_en", "en_zh_tatoeba.tsv.gz"),
    ):
        rows = read_table(train / file)
        yield Source(name, "pairs", True, [Pair((row["en"],), (row["zh"],)) for row in rows])


def glossary_source(path: Path) -> Source:
    """Return the project's glossary (columns zh, en; alternatives split by ``;`` or ``|``)."""
    pairs = []
    for row in read_table(path):
        for en in re.split(r"[|;]", row["en"]):
            for zh in re.split(r"[|;；、]", row["zh"]):
                if en.strip() and zh.strip():
                    pairs.append(Pair((en.strip(),), (zh.strip(),)))
    return Source("glossary", "pairs", True, pairs)


def everyday_source(words: Path, lexicon: Path) -> Source:
    """Return everyday words with the official ones they stand for, every pairing.

    ``words/*.tsv``: columns everyday, official, alternatives split by ``|``; from the lexicon:
    synonyms (word, also) and abbreviations (short, full), alternatives split by blanks.
    """
    rows = [
        (row["everyday"].split("|"), row["official"].split("|"))
        for path in sorted(words.glob("*.tsv"))
        for row in read_table(path)
    ]
    for name, left, right in (("synonyms", "also", "word"), ("abbreviations", "short", "full")):
        table = read_table(lexicon / f"{name}.tsv")
        rows += [(row[left].split(), row[right].split()) for row in table]
    pairs = [Pair((a,), (b,)) for many, more in rows for a in many for b in more if a != b]
    return Source("everyday", "pairs", False, pairs)


def word_sources(data: Path) -> Iterator[Source]:
    """Yield dictionary words with their English, synonyms, and abbreviations with full forms."""
    train = data / "train"
    glosses = [
        Pair((gloss,), (row["simp"],))
        for row in read_table(train / "cedict.tsv.gz")
        for gloss in _glosses(row["glosses"])
    ]
    yield Source("cedict", "pairs", True, glosses)
    synonyms = [
        Pair((words[i],), (words[(i + 1) % len(words)],))
        for words in _synonym_sets(train)
        for i in range(len(words))
    ]
    yield Source("synonyms", "pairs", False, synonyms)
    short = [
        Pair((row["abbr"],), (row["full"],))
        for row in read_table(train / "abbreviations.tsv.gz")
        if row["abbr"] != "n" and row["full"]
    ]
    yield Source("abbreviations", "pairs", False, short)


def _glosses(text: str) -> list[str]:
    kept = (_GLOSS_NOTE.sub(" ", part).strip(" ;,") for part in text.split("/"))
    return [part for part in kept if 1 < len(part) <= 40][:3]


def _synonym_sets(train: Path) -> Iterator[list[str]]:
    for row in read_table(train / "cilin.tsv.gz"):
        words = row["words"].split()
        if row["type"] == "=" and 2 <= len(words) <= 12:
            yield words
    for row in read_table(train / "cow_wordnet_synsets.tsv.gz"):
        words = [word.removesuffix("的") for word in row["words"].split()]
        if 2 <= len(set(words)) <= 12:
            yield words
