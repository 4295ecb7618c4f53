"""How build time and latency grow with the number of clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tiaowen_service.request import SearchRequest

from tiaowen_evaluation.bench.corpora import Material, clauses, queries
from tiaowen_evaluation.bench.ours import Indexed, Started, indexed, recall, started, timings
from tiaowen_evaluation.bench.timing import Timing

QUERIES = 300


@dataclass(frozen=True)
class Point:
    """One size: build, every leg and the whole answer, recall of the vector leg, the start."""

    count: int
    build: float
    size: int
    legs: Sequence[Timing]
    recall: float
    start: Started


def point(built: Indexed, asked: Sequence[str]) -> Point:
    """Measure one index."""
    found = timings(built, asked)
    near = recall(built.searcher, asked)
    return Point(
        built.searcher.clause_count, built.seconds, built.size, found, near, started(built.place)
    )


def curve(source: Material, counts: Sequence[int]) -> list[Point]:
    """Build and measure each size in turn."""
    points = []
    for count in counts:
        collected = clauses(source, count)
        with indexed(collected) as built:
            points.append(point(built, queries(collected, QUERIES)))
    return points


def bounds(points: Sequence[Point]) -> list[str]:
    """Say what bounds a query at each size: the part that takes most of its processor time."""
    said = []
    for each in points:
        bm25, vector, whole = (leg.cpu for leg in each.legs[:3])
        shares = {"bm25 leg": bm25, "vector leg": vector, "ranking and passages": whole}
        shares["ranking and passages"] = max(whole - bm25 - vector, 0.0)
        most = max(shares, key=lambda name: shares[name])
        said.append(f"{most} ({shares[most] / max(whole, 1e-6):.0%})")
    return said


def profile(built: Indexed, asked: Sequence[str]) -> list[tuple[str, float]]:
    """Return milliseconds a query of the steps of a search, largest first, under the profiler."""
    import cProfile
    import pstats

    profiler = cProfile.Profile()
    profiler.enable()
    for query in asked:
        built.searcher.search(SearchRequest(query))
    profiler.disable()
    stats = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    wanted = {"analyse", "find", "rank", "confidence", "best", "hits", "_found"}
    steps = {
        f"{place[0].rsplit('/', 1)[-1]}:{place[2]}": figures[3] / len(asked) * 1000
        for place, figures in stats.items()
        if place[2] in wanted and "tiaowen" in place[0]
    }
    return sorted(steps.items(), key=lambda step: -step[1])
