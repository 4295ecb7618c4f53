"""Damaged files before every reader (make fuzz): a document or one of our errors, nothing else.

Each input is a function of seed, format and number, and is read in a process of its own kind:
one that dies, stalls or takes too much is a finding, its input is kept, and the next goes on.

    python -m tests.corpus.fuzz_readers --inputs 100000 --seed 1
    python -m tests.corpus.fuzz_readers --only .pdf --first 1234 --inputs 1
"""

from __future__ import annotations

import argparse
import json
import os
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.corpus.mutations import SUFFIXES, mutated

ROOT = Path(__file__).resolve().parents[2]
SHARES = {".txt": 0.3, ".md": 0.25, ".html": 0.15, ".docx": 0.15, ".pdf": 0.15}
BATCH = 1000  # inputs of one process: what parsers leak must not add up
DEFECT = "DEFECT "


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` of processor, ``stall`` of the clock and bytes of memory for one input.

    Stall and memory are what the service grants an upload; the inputs here are small, so an
    input that takes seconds of processor shows a cost that grows faster than its size.
    """

    seconds: float = 2.0
    stall: float = 20.0
    memory: int = 768 << 20


@dataclass(slots=True)
class Report:
    """What the inputs of one format came to."""

    suffix: str
    outcomes: Counter[str] = field(default_factory=Counter)
    findings: dict[str, list[int]] = field(default_factory=dict)  # what → numbers of inputs
    slowest: tuple[float, int] = (0.0, 0)  # processor seconds, number
    largest: float = 0.0  # MB that reading one input took

    def note(self, number: int, outcome: str, seconds: float, megabytes: float) -> None:
        """Count one input."""
        self.outcomes[outcome.removeprefix(DEFECT).split(":")[0]] += 1
        if outcome.startswith(DEFECT):
            self.findings.setdefault(outcome.removeprefix(DEFECT), []).append(number)
        self.slowest = max(self.slowest, (seconds, number))
        self.largest = max(self.largest, megabytes)


def fuzz(
    suffix: str, inputs: int, *, seed: int, first: int = 0, workers: int = 1, limits: Limits
) -> Report:
    """Return the report of ``inputs`` inputs of one format."""
    batches = [(at, min(BATCH, first + inputs - at)) for at in range(first, first + inputs, BATCH)]
    report = Report(suffix)
    with ThreadPoolExecutor(workers) as pool:
        for rows in pool.map(lambda batch: list(_batch(suffix, seed, *batch, limits)), batches):
            for row in rows:
                report.note(*row)
    return report


def _batch(
    suffix: str, seed: int, first: int, count: int, limits: Limits
) -> Iterator[tuple[int, str, float, float]]:
    """Yield (number, outcome, seconds, MB) of a batch, whatever the readers' processes do."""
    at, end = first, first + count
    while at < end:
        died = ""
        process = _started(suffix, seed, at, end - at, limits)
        try:
            for line in _lines(process, limits.stall):
                number, outcome, seconds, megabytes = json.loads(line)
                if seconds > limits.seconds and not outcome.startswith(DEFECT):
                    outcome = f"{DEFECT}took seconds: over {limits.seconds:g}"
                yield number, outcome, seconds, megabytes
                at = number + 1
        except TimeoutError:
            died = f"stalled: over {limits.stall:g} s"
        finally:
            process.kill()
            process.wait()
        if at < end:
            yield at, DEFECT + (died or f"died: {process.returncode}"), 0.0, 0.0
            at += 1


def _started(
    suffix: str, seed: int, first: int, count: int, limits: Limits
) -> subprocess.Popen[bytes]:
    wanted = map(str, (seed, first, count, limits.memory))
    command = [sys.executable, "-m", "tests.corpus.fuzz_worker", suffix, *wanted]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
    )


def _lines(process: subprocess.Popen[bytes], stall: float) -> Iterator[bytes]:
    """Yield whole lines of the process. Raises TimeoutError if none comes in time."""
    assert process.stdout is not None
    kept, patience = b"", stall + 30  # the first one waits for the readers to load
    while select.select([process.stdout], [], [], patience)[0]:
        data = os.read(process.stdout.fileno(), 1 << 16)
        if not data:
            return
        *whole, kept = (kept + data).split(b"\n")
        yield from whole
        patience = stall
    raise TimeoutError


def _kept(report: Report, seed: int, folder: Path) -> None:
    """Write an input of each finding to ``folder``."""
    for what, numbers in report.findings.items():
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{seed}-{numbers[0]}{report.suffix}"
        path.write_bytes(mutated(report.suffix, seed, numbers[0]))
        print(f"  {len(numbers)} × {what}\n    first: {path}")


def main() -> int:
    """Run the command line; 1 if anything was found."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--inputs", type=int, default=100_000, help="of all formats together")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", choices=SUFFIXES, help="one format")
    options.add_argument("--first", type=int, default=0, help="number of the first input")
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--keep", type=Path, default=ROOT / "runs" / "fuzz")
    given = options.parse_args()
    found = 0
    for suffix in (given.only,) if given.only else SUFFIXES:
        inputs = given.inputs if given.only else round(given.inputs * SHARES[suffix])
        report = fuzz(
            *(suffix, inputs),
            **{"seed": given.seed, "first": given.first, "workers": given.workers},
            limits=Limits(),
        )
        outcomes = ", ".join(f"{name} {count}" for name, count in report.outcomes.most_common())
        seconds, number = report.slowest
        print(f"{suffix} {report.outcomes.total()} inputs: {outcomes}")
        print(f"  slowest {seconds:.2f} s (input {number}), most memory {report.largest:.0f} MB")
        _kept(report, given.seed, given.keep)
        found += len(report.findings)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
