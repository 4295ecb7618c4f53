"""What a document says about itself: title, kind, issuer, region, number, date, script."""

from __future__ import annotations

from dataclasses import dataclass

from tiaowen_corpus.facts_dates import issued_on
from tiaowen_corpus.facts_issuer import issuer_of, number_of, region_of
from tiaowen_corpus.facts_kind import kind_of
from tiaowen_corpus.facts_script import script_of
from tiaowen_corpus.facts_title import title_of
from tiaowen_corpus.types import Script


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts that the text states; "" where it does not say.

    ``kind`` is one of ``facts_kind.KINDS``; ``issued`` is ISO 8601, possibly only a year or a
    month; names are in the text's own script.
    """

    title: str
    kind: str
    issuer: str
    region: str
    doc_number: str
    issued: str
    script: Script


def facts(text: str, fallback_title: str) -> Facts:
    """Read the facts of one document from its ``text``.

    ``fallback_title`` is what the site or the file calls it: it stands in where the text itself
    has no title, and never feeds the other facts but the kind.
    """
    script = script_of(text)
    title = title_of(text, fallback_title)
    issuer = issuer_of(text, title)
    number = number_of(text)
    return Facts(
        title=title,
        kind=kind_of(title, text),
        issuer=issuer,
        region=region_of(text, title, issuer),
        doc_number=number,
        issued=issued_on(text, number, minguo=script == "traditional"),
        script=script,
    )
