"""What judges candidates: the learned models where they and word vectors are here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tiaowen_corpus.places import shipped

from tiaowen_models import confidence, passage_choice, ranking
from tiaowen_models.confidence import LearnedConfidence
from tiaowen_models.loading import load_confidence, load_embedder, load_ranker, shipped_model
from tiaowen_models.passage_choice import LearnedPassages
from tiaowen_models.passages import CountedPassages
from tiaowen_models.protocols import Confidence, Embedder, Passages, Ranker
from tiaowen_models.ranking import LearnedRanking
from tiaowen_models.reader import Reader, WordVectors
from tiaowen_models.svd import NAME as SVD

FOLDER = "tiaowen-ranker"
FILES = (ranking.FILE, confidence.FILE, passage_choice.FILE)


@dataclass(frozen=True, slots=True)
class Judges:
    """What orders candidates, says how likely the first one answers, and shows its sentence."""

    ranker: Ranker
    confidence: Confidence
    passages: Passages
    reader: Reader | None = None  # what the learned ones read clauses with


def load_judges(embedder: Embedder) -> Judges:
    """Return the learned models, or those that need no training.

    The latter serve where the learned ones are not shipped, where no word vectors are, and for
    the embedder fitted on the corpus, whose cosines are of another kind.
    """
    reader, folder = load_reader(embedder), ranker_folder()
    if reader is None or folder is None:
        return untrained(embedder)
    return Judges(
        LearnedRanking.load(folder, reader),
        LearnedConfidence.load(folder, reader),
        LearnedPassages.load(folder, reader),
        reader,
    )


def untrained(embedder: Embedder) -> Judges:
    """Return the judges that need no training; the learned ones are trained over them."""
    return Judges(
        load_ranker(embedder.name), load_confidence(), CountedPassages(), load_reader(embedder)
    )


def load_reader(embedder: Embedder) -> Reader | None:
    """Return what reads clauses by the word vectors of ``embedder``, or of the shipped one.

    There is none for the embedder that is fitted on the corpus: learned judges do not serve there.
    """
    words = word_vectors(embedder)
    return Reader(words) if words else None


def word_vectors(embedder: Embedder) -> WordVectors | None:
    """Return the model whose words `load_reader` reads by."""
    if embedder.name == SVD:
        return None
    if isinstance(embedder, WordVectors):
        return embedder
    folder = shipped_model()
    words = load_embedder(folder.name) if folder else None
    return words if isinstance(words, WordVectors) else None


def ranker_folder() -> Path | None:
    """Return the folder of the shipped ranking model, or None."""
    try:
        folder = shipped("models") / FOLDER
    except FileNotFoundError:
        return None
    return folder if all((folder / name).is_file() for name in FILES) else None
