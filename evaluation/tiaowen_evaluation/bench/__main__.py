"""``make bench``: build, latency, HTTP and growth as ratios, all in one run.

Figures of one run on one machine compare; milliseconds of two machines do not.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tiaowen_indexer.collect import Collected
from tiaowen_indexer.terms import SearchTerms

from tiaowen_evaluation.bench import corpora, curves, ours, peers, report
from tiaowen_evaluation.bench.served import http_times

PARTS = ("peers", "http", "curve")


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clauses", type=int, default=50_000, help="of the main comparison")
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--data", type=Path, default=corpora.DATA, help="folder of statutes")
    parser.add_argument("--parts", nargs="*", default=list(PARTS), choices=PARTS)
    parser.add_argument("--peers", nargs="*", default=list(peers.PEERS), choices=peers.PEERS)
    parser.add_argument("--curve", type=int, nargs="*", default=[1_000, 10_000], help="more sizes")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the parts that are asked for and print Markdown as it comes."""
    wanted = options(arguments)
    began = time.perf_counter()
    for line in lines(wanted):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    sys.stdout.write(f"\n{report.machine()} {time.perf_counter() - began:.0f} s in all.\n")


def lines(wanted: argparse.Namespace) -> Iterator[str]:
    """Yield the report."""
    source = corpora.material(wanted.data)
    collected = corpora.clauses(source, wanted.clauses)
    asked = corpora.queries(collected, wanted.queries)
    yield f"# {wanted.clauses:,} clauses"
    yield (
        f"\nClauses: {source.said}; median {corpora.median_length(collected.clauses)} characters, "
        f"{source.clauses:,} different ones, beyond that repeated with noise.\n"
    )
    with ours.indexed(collected) as built:
        middle = curves.point(built, asked)
        if "peers" in wanted.parts:
            yield "## Against the usual engines\n"
            ground = given(built, collected, asked)
            rivals = list(peers.compared(ground, wanted.peers))
            yield from report.queries_table([*rivals, *middle.legs], len(asked))
            yield "Where a whole answer's time goes (ms under the profiler, nested):\n"
            yield from (f"- {name} {ms:.2f}" for name, ms in curves.profile(built, asked[:100]))
            yield ""
        if "http" in wanted.parts:
            yield "## HTTP\n"
            fresh = corpora.queries(collected, wanted.queries, seed=corpora.SEED + 1)
            yield from report.http_table(http_times(built.place, fresh))
            yield ""
    if "curve" in wanted.parts:
        yield "## Growth\n"
        small = sorted({size for size in wanted.curve if size != wanted.clauses})
        points = sorted([*curves.curve(source, small), middle], key=lambda each: each.count)
        yield from report.curve_table(points)
        yield "\n" + report.memory_line(points)


def given(built: ours.Indexed, collected: Collected, asked: Sequence[str]) -> peers.Ground:
    """Return what all contestants are given: our terms and our vectors."""
    searcher = built.searcher
    terms = SearchTerms(searcher.lexicon.words)
    vectors = searcher.embedder.encode_queries(list(asked))
    return peers.Ground(
        snapshot=searcher.snapshot,
        tokens=[terms.of(text) for text in corpora.texts(collected)],
        vectors=np.ascontiguousarray(searcher.snapshot.vectors.stored, np.float32),
        asked=asked,
        asked_tokens={query: list(dict.fromkeys(terms.of(query))) for query in asked},
        asked_vectors=dict(zip(asked, vectors, strict=True)),
    )


if __name__ == "__main__":
    main()
