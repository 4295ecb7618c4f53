"""``make train``, second half: ranking, passages, confidence, from searches with known answers."""

from __future__ import annotations

import argparse
import json
import logging
import tempfile
from dataclasses import asdict
from pathlib import Path

from tiaowen_models import confidence, passage_choice, ranking
from tiaowen_models.ranking_features import NAMES
from tiaowen_models.ranking_loading import FOLDER
from tiaowen_models.training import confidence as confidence_training
from tiaowen_models.training.ranker import Example, Plan, fit

from .ranking_cases import Search, cases, example, searches, sentence_examples
from .ranking_tasks import tasks

LOG = logging.getLogger(__name__)
PASSAGES = Plan(ridge=0.1)
_CHECKOUT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Train and write; progress goes to the standard error stream."""
    parser = argparse.ArgumentParser(
        prog="python -m tiaowen_evaluation.train_ranking", description=__doc__
    )
    shared = _CHECKOUT.parent / "shared"
    parser.add_argument("--data", type=Path, default=shared / "data")
    parser.add_argument("--seeds", type=Path, default=shared / "seeds")
    parser.add_argument("--out", type=Path, default=_CHECKOUT / "models" / FOLDER)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="tiaowen-ranking-") as place:
        train(asked.data, asked.seeds, Path(place), asked.out)


def train(data: Path, seeds: Path, place: Path, out: Path) -> None:
    """Fit the three models one after the other and write them to ``out``."""
    lists: list[Example] = []
    sentences: list[Example] = []
    hand: list[Search] = []
    for task in tasks(data, seeds, place):
        found = list(searches(task))
        lists += [example(search) for search in found]
        if task.questions:
            hand += found
            sentences += [each for search in found for each in sentence_examples(search)]
        LOG.info("%s: %d queries", task.source, len(found))
    ranker = fit(lists, Plan())
    ranking.save(out, dict(zip(NAMES, ranker.plain.tolist(), strict=True)))
    passage_choice.save(out, fit(sentences, PASSAGES).plain)
    asked = [case for search in hand for case in cases(search, ranker.plain)]
    sure = confidence_training.fit(asked)
    confidence.save(out, sure.bias, sure.weights)
    LOG.info("%s", json.dumps(asdict(Plan()) | {"lists": len(lists), "cases": len(asked)}))


if __name__ == "__main__":
    main()
