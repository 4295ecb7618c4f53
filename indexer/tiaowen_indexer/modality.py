"""Which modalities a clause carries: those of its mined requirements and of its cue words."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Modality

from tiaowen_indexer.mining.cues import cues

MODALITIES: tuple[Modality, ...] = get_args(Modality)


def modalities_of(text: str, mined: Collection[str] = ()) -> tuple[Modality, ...]:
    """Return the modalities of a clause's wording, in the order of `MODALITIES`.

    A bare imperative has no cue word: ``mined`` are the modalities of the clause's requirements.
    """
    found = {cue.modality for cue in cues(fold(text))}
    return tuple(modality for modality in MODALITIES if modality in found or modality in mined)


def bits(found: tuple[str, ...]) -> int:
    """Return the modalities as a bit mask."""
    return sum(1 << position for position, name in enumerate(MODALITIES) if name in found)
