"""Train the static embedder: general pairs first, then askers' words with mined negatives."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.training.bank import (
    BankedSource,
    Ints,
)
from tiaowen_models.training.batches import Batch, Drop, Sampler
from tiaowen_models.training.material import BOOK, OF_BOOK, SEED, Material
from tiaowen_models.training.model import Late, Learner, Parameters, Side, initial
from tiaowen_models.training.negatives import Mine, Negatives

LOG = logging.getLogger(__name__)

# Chance of each source at a step of the first stage, before normalisation.
GENERAL = {
    "cn_local_regulations": 10.0,
    "cn_national_laws": 4.0,
    "statute_book": 6.0,
    "cn_edu_laws": 4.0,
    "cn_edu_policies_meiyu": 4.0,
    "tw_moe_regulations": 6.0,
    "cn_edu_news": 3.0,
    "cn_digital_policies": 3.0,
    "cn_government_work_reports": 4.0,
    "news": 7.0,
    "messages": 9.0,
    "qa": 3.0,
    "consultations": 3.0,
    "abstracts": 2.0,
    "statutes": 3.0,
    "lawyers": 1.5,
    "lawyers_statutes": 2.5,
    "law_articles_en": 12.0,
    "law_sentences_en": 8.0,
    "reports_en": 5.0,
    "titles_en": 1.5,
    "tatoeba_en": 4.0,
    "cedict": 8.0,
    "synonyms": 4.0,
    "abbreviations": 1.0,
    "glossary": 2.0,
    "everyday": 2.0,
    "askers_zh": 3.0,
    "askers_en": 1.5,
}
# The same for the last stage: askers' words above all, the rest keeps the model honest.
ASKERS = {
    "askers_zh": 30.0,
    "askers_en": 12.0,
    "statutes": 20.0,
    "lawyers": 4.0,
    "lawyers_statutes": 10.0,
    "statute_book": 4.0,
    "messages": 6.0,
    "qa": 4.0,
    "consultations": 2.0,
    "news": 3.0,
    "cn_edu_laws": 3.0,
    "cn_edu_policies_meiyu": 3.0,
    "tw_moe_regulations": 5.0,
    "cn_local_regulations": 4.0,
    "cn_government_work_reports": 3.0,
    "law_articles_en": 10.0,
    "law_sentences_en": 4.0,
    "reports_en": 6.0,
    "cedict": 3.0,
    "synonyms": 2.0,
    "glossary": 4.0,
    "everyday": 4.0,
}
WORD_SOURCES = frozenset(
    {"cedict", "synonyms", "abbreviations", "glossary", "everyday", "titles_en"}
)


@dataclass(frozen=True)
class Plan:
    """Sizes and speeds of a training run."""

    dimensions: int = 384
    features: int = 105_000
    batch: int = 2048
    steps: int = 1500
    rate: float = 0.009
    weight_rate: float = 0.02
    temperature: float = 0.05
    feature_drop: float = 0.1
    drop: Drop = field(default_factory=Drop)
    spoken_in_english: float = 0.25  # of the Chinese batches ask in translated words
    asker_steps: int = 400
    asker_rate: float = 0.003
    asker_batch: int = 1024
    pull: float = 1e-3  # towards the first stage, each step
    asker_drop: Drop = field(default_factory=lambda: Drop(0.25, 0.25))
    late: Late | None = field(default_factory=Late)  # of the last stage
    mine: Mine = field(default_factory=Mine)
    seed: int = SEED


class Trainer:
    """Runs the stages of a plan over prepared material."""

    def __init__(self, material: Material, plan: Plan) -> None:
        self.material, self.plan = material, plan
        parameters = initial(material.frequency, plan.dimensions, seed=plan.seed)
        self._begin(parameters, stage=0)

    def _begin(self, parameters: Parameters, *, stage: int) -> None:
        """Start a stage afresh: its own random numbers, no moments left from the one before."""
        self.rng = np.random.default_rng([self.plan.seed, stage])
        self.learner = Learner(parameters, self.material.shares, temperature=self.plan.temperature)
        self.negatives: Negatives | None = None
        if BOOK in self.material.banked:
            book, rows = self.material.banked[BOOK], self.material.unjudged
            self.negatives = Negatives(book, rows, self.plan.mine)

    def sampler(self, drop: Drop) -> Sampler:
        """Return a sampler that shares the run's generator."""
        material = self.material
        return Sampler(material.flat, material.ends, len(material.tokens), self.rng, drop)

    def general(self, report: Callable[[int], None] | None = None) -> Parameters:
        """First stage: all sources by their chances."""
        plan = self.plan
        self._run(
            GENERAL,
            steps=plan.steps,
            size=plan.batch,
            rate=plan.rate,
            drop=plan.drop,
            report=report,
        )
        return self.learner.parameters

    def askers(self, report: Callable[[int], None] | None = None) -> Parameters:
        """Last stage: askers' words, held near where the first stage ended."""
        plan = self.plan
        self._begin(self.learner.parameters, stage=1)
        self.learner.anchor = self.learner.parameters.copy()
        self.learner.pull = plan.pull
        self.learner.late = plan.late
        self._run(
            ASKERS,
            steps=plan.asker_steps,
            size=plan.asker_batch,
            rate=plan.asker_rate,
            drop=plan.asker_drop,
            report=report,
            mine=True,
        )
        return self.learner.parameters

    def _run(
        self,
        chances: dict[str, float],
        *,
        steps: int,
        size: int,
        rate: float,
        drop: Drop,
        report: Callable[[int], None] | None,
        mine: bool = False,
    ) -> None:
        sampler, banked = self.sampler(drop), self.material.banked
        names = [name for name in chances if name in banked and len(banked[name]) > 1]
        chance = np.array([chances[name] for name in names])
        chance /= chance.sum()
        began, losses = time.monotonic(), []
        for step in range(steps):
            name = names[int(self.rng.choice(len(names), p=chance))]
            if mine and step % self.plan.mine.every == 0:
                self._mine()
            batch = self._spoken(self._draw(sampler, banked[name], size), banked[name])
            warm = min(1.0, (step + 1) / 100) * (1 - step / steps * 0.97)
            loss = self.learner.step(
                batch,
                rate=rate * warm,
                weight_rate=self.plan.weight_rate * warm,
                feature_drop=self.plan.feature_drop,
                rng=self.rng,
            )
            losses.append(loss)
            if (step + 1) % 200 == 0:
                spent = time.monotonic() - began
                LOG.info(
                    "step %d/%d loss %.3f %.0f s", step + 1, steps, np.mean(losses[-200:]), spent
                )
                if report:
                    report(step + 1)

    def _draw(self, sampler: Sampler, source: BankedSource, size: int) -> Batch:
        if self.negatives is None or source.name not in OF_BOOK:
            return sampler.draw(source, size)
        picks = sampler.choose(source, size)
        return sampler.of(source, picks, self.negatives.draw(source.name, picks, self.rng))

    def _mine(self) -> None:
        """Rank the statute book by the model as it stands."""
        if self.negatives is None:
            return
        held = self._vectors(self.negatives.articles, side="clause")
        for name in OF_BOOK:
            if name in self.material.banked:
                asked = self._vectors(self.material.banked[name].query, side="query")
                self.negatives.mine(name, asked, held)

    def _vectors(self, ranges: Ints, *, side: str) -> NDArray[np.float32]:
        """Return unit vectors of whole texts, float32 ``[n, d]``."""
        parameters = self.learner.parameters
        weight = getattr(parameters, side).exp().numpy()
        bags = self.sampler(Drop(0, 0)).whole(ranges)
        unit = Side(bags, self.material.shares, weight).forward(parameters.vectors.numpy())
        return np.asarray(unit.numpy())

    def _spoken(self, batch: Batch, source: BankedSource) -> Batch:
        """Ask some Chinese batches in English words."""
        if source.english or source.name in WORD_SOURCES:
            return batch
        if self.rng.random() >= self.plan.spoken_in_english:
            return batch
        query = self.material.translator.swap(batch.query, self.rng)
        return Batch(query, batch.clause, batch.extra, batch.same)
