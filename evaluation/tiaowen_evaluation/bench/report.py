"""The figures of one run as Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence

from tiaowen_evaluation.bench.curves import Point, bounds
from tiaowen_evaluation.bench.served import HttpTimes
from tiaowen_evaluation.bench.timing import Skipped, Timing
from tiaowen_evaluation.report_text import table


def machine() -> str:
    """Say what the figures were measured on, and how busy it was."""
    load = os.getloadavg()[0]
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f} at the end. "
        "Times by the clock hold the waiting for other processes; processor time does not."
    )


def queries_table(found: Sequence[Timing | Skipped], asked: int) -> list[str]:
    """Return one row for each contestant, compared with the first that ran."""
    ran = [each for each in found if isinstance(each, Timing)]
    reference = next((each for each in ran if each.name == "rank_bm25"), None)
    rows = [
        [
            each.name,
            "–" if each.build is None else f"{each.build:.1f}",
            f"{each.p50:.2f}",
            f"{each.p99:.2f}",
            f"{each.cpu:.2f}",
            f"{each.throughput:,.0f}",
            f"{reference.cpu / each.cpu:,.1f} ×" if reference and each.cpu else "–",
            each.note,
        ]
        for each in ran
    ]
    header = ["", "build, cpu s", "p50 ms", "p99 ms", "cpu ms", "queries/cpu s"]
    lines = table([*header, "faster than rank_bm25", ""], rows)
    lines += [""] + [
        f"- {each.name}: left out, {each.reason}" for each in found if isinstance(each, Skipped)
    ]
    return [f"{asked} queries, none asked twice, one thread each.", "", *lines, ""]


def http_table(times: HttpTimes) -> list[str]:
    """Return requests a second and their ratio to the constant answer."""
    rows = [
        [
            name,
            f"{told.rate:,.0f}",
            f"{told.percentile(50):.2f}",
            f"{told.percentile(99):.2f}",
            f"{told.rate / times.constant.rate:.2f}",
            str(told.failures),
        ]
        for name, told in (
            ("constant answer, orjson", times.constant),
            ("search, asked for the first time", times.search),
            ("search, asked again", times.again),
        )
    ]
    return table(["", "req/s", "p50 ms", "p99 ms", "of constant", "failed"], rows)


def curve_table(points: Sequence[Point]) -> list[str]:
    """Return one row for each size."""
    rows = [
        [
            f"{each.count:,}",
            f"{each.build:.1f}",
            f"{each.count / each.build:,.0f}",
            *(f"{leg.cpu:.2f}" for leg in each.legs[:4]),
            f"{each.legs[2].p99:.1f}",
            f"{each.recall:.3f}",
            f"{each.start.cpu:.2f}",
            f"{each.start.memory:.0f}",
            f"{each.size / each.count / 1024:.2f}",
            bound,
        ]
        for each, bound in zip(points, bounds(points), strict=True)
    ]
    header = ["clauses", "build, cpu s", "clauses/cpu s", "bm25 ms", "vector ms", "whole ms"]
    header += ["seen before ms", "whole p99 ms (clock)", "recall@10", "start, cpu s", "memory MB"]
    return table([*header, "kB a clause on disk", "bounded by"], rows)


def memory_line(points: Sequence[Point]) -> str:
    """Say what a million clauses take, from the smallest and the largest size."""
    if len(points) < 2:
        return "Memory per million clauses needs two sizes."
    small, large = points[0], points[-1]
    grown = (large.start.memory - small.start.memory) / (large.count - small.count) * 1e6
    return (
        f"Memory that grows with clauses: {grown:,.0f} MB a million (from {small.count:,} to "
        f"{large.count:,}; models and program take {small.start.memory:,.0f} MB); postings, "
        "vectors and texts are mapped files, which the system keeps as it has room."
    )
