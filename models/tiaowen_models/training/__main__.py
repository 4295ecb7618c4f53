"""``make train``: rebuild the shipped models from the data beside the checkout."""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import os
from pathlib import Path

NAME = "tiaowen-static"
_CHECKOUT = Path(__file__).resolve().parents[3]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tiaowen_models.training", description=__doc__)
    parser.add_argument("--data", type=Path, default=_CHECKOUT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=_CHECKOUT / "models" / NAME)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--steps", type=int, help="steps of either stage, for a trial run (default: the recipe)"
    )
    parser.add_argument(
        "--measure", action="store_true", help="measure an existing model, train nothing"
    )
    return parser.parse_args()


def main() -> None:
    """Train, ship and measure; progress goes to the standard error stream."""
    asked = _arguments()
    os.environ.setdefault("OMP_NUM_THREADS", str(asked.threads))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    if not (asked.data / "train").is_dir():
        raise SystemExit(f"没有训练数据 / no training data in {asked.data}; give --data DIR")
    from tiaowen_models.training.measure import measure

    if not asked.measure:
        _train(asked)
    figures = measure(asked.out, asked.data, _CHECKOUT / "models" / "training")
    print(json.dumps(figures, ensure_ascii=False, indent=1))


def _train(asked: argparse.Namespace) -> None:
    import torch

    from tiaowen_models.training.embedding import Plan, Trainer
    from tiaowen_models.training.material import gather, prepare
    from tiaowen_models.training.shipping import freeze, ship

    torch.set_num_threads(asked.threads)
    plan = Plan()
    if asked.steps:
        plan = dataclasses.replace(plan, steps=asked.steps, asker_steps=asked.steps)
    own, lexicon = _CHECKOUT / "models" / "training", _CHECKOUT / "corpus" / "lexicon"
    found = gather(asked.data, own, lexicon)
    material = prepare(found, features=plan.features)
    trainer = Trainer(material, plan)
    trainer.general()
    parameters = trainer.askers()
    ship(freeze(parameters, material.vocabulary, name=NAME), asked.out)


if __name__ == "__main__":
    main()
