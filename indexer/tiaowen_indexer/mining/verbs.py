"""Where the verb of a duty stands: at word boundaries, and not inside a name or a noun phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from tiaowen_indexer.mining.words import pattern, words

FARTHEST = 24  # characters from the start of a segment: behind that it is another phrase's verb

_VERB = re.compile(rf"(?:{pattern('action_verbs')})")
_ADVERBS = re.compile(rf"^(?:{pattern('adverbs')}|[,、\s])+")
_VERBAL_ADVERB = re.compile(r"(?:深入|负责|统筹|健全|统一|主动|规范|严格)$")
# 教育投入, 管理校长论坛: the word is part of a name unless it is told to somebody
_ADDRESSED = re.compile(
    r"[和与、]?(?:引导|督促|帮助|学生|干部|职工|教职工|教师|广大|全体|师生|幼儿|孩子)"
)
_WITH_OBJECT = 5  # characters of a verb and its object
_JOINED = re.compile(r"[、的等和与及]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a folded text, its half-open place and the tagger's part of speech."""

    text: str
    start: int
    end: int
    tag: str


@lru_cache(maxsize=1)
def tagger() -> rjieba.Jieba:
    """Return the tagger; it is read-only once loaded."""
    return rjieba.Jieba()


@lru_cache(maxsize=1 << 12)
def tagged(text: str) -> tuple[Word, ...]:
    """Return the words of a folded text in order."""
    found, at = [], 0
    for word, tag in tagger().tag(text):
        found.append(Word(word, at, at + len(word), tag))
        at += len(word)
    return tuple(found)


def without_adverbs(text: str) -> str:
    """Return ``text`` without the adverbs it begins with, unless one of them is its verb.

    深入一线 and 统筹资源 keep their first word: what follows it is an object.
    """
    lead = _ADVERBS.match(text)
    if lead is None or lead.end() >= len(text):
        return text
    rest = text[lead.end() :]
    if lead.group().endswith("要") and rest.startswith("求"):
        rest = "要" + rest
    kept = _VERBAL_ADVERB.search(lead.group())
    if kept and not opens_with_verb(rest):
        return kept.group() + rest
    return rest


def opens_with_verb(text: str, *, wanted: bool = False) -> bool:
    """Say whether ``text`` begins with an action verb and goes on to an object.

    ``wanted``: behind a duty any verb with an object will do, on the list or not.
    """
    found = next(verbs(text), None)
    if found is None or found.start:
        return wanted and _tagged_verb(text)
    rest = text[found.end :]
    if len(rest) < 2:
        return len(text) >= 4
    if found.text in words("name_verbs"):
        return bool(_ADDRESSED.match(rest))
    return not (found.text in words("noun_verbs") and _JOINED.match(rest))


def _tagged_verb(text: str) -> bool:
    found = tagged(text[: FARTHEST + 12])
    return (
        len(found) > 1
        and found[0].tag == "v"
        and len(found[0].text) == 2
        and found[1].tag[0] in "nvarml"
        and len(text) >= _WITH_OBJECT
        and found[0].text not in words("nominal")
    )


def verbs(text: str) -> Iterator[Word]:
    """Yield the action verbs of a folded text that fill whole words, in order."""
    found = tagged(text[: FARTHEST + 12])
    ends = {word.end for word in found}
    for word in found:
        if word.start > FARTHEST:
            return
        match = _VERB.match(text, word.start)
        if match and (match.end() in ends or (word.start == 0 and match.group() in "把将")):
            if text[match.end() : match.end() + 1] != "的":  # 出台的办法: a modifier
                yield Word(match.group(), match.start(), match.end(), word.tag)
        elif word.text in words("action_verbs") and text[word.end : word.end + 1] != "的":
            yield word
