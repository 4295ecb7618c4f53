"""Words that ask or join and say nothing about the topic; never looked up in the lexical leg."""

from importlib.resources import files

STOPWORDS = frozenset(
    files("tiaowen_service.query").joinpath("stopwords.txt").read_text(encoding="utf-8").split()
)
