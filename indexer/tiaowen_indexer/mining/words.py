"""The miner's word lists, read once from ``indexer/rules/requirements.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache

from tiaowen_corpus.places import shipped
from tiaowen_corpus.script import fold


@lru_cache(maxsize=1)
def _tables() -> dict[str, str]:
    path = shipped("indexer/rules") / "requirements.toml"
    return dict(tomllib.loads(path.read_text(encoding="utf-8")))


@cache
def words(table: str) -> frozenset[str]:
    """Return the folded words of one table, e.g. ``words("action_verbs")``."""
    return frozenset(fold(word) for word in _tables()[table].split())


def alternatives(listed: Iterable[str]) -> str:
    """Return a regular expression that matches any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(listed, key=lambda word: (-len(word), word)))


@cache
def pattern(table: str) -> str:
    """Return `alternatives` of one table."""
    return alternatives(words(table))
