"""How often somebody may ask: a bucket a caller, refilled at a steady rate."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_CALLERS = 10_000  # buckets kept; the least recently used go first


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rates:
    """Token buckets: ``rate`` requests a second, ``burst`` at once; rate 0 lets everything in."""

    def __init__(
        self, rate: float, burst: float = 0.0, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate, self.burst = rate, max(burst, 2 * rate, 1.0)
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, caller: str) -> float:
        """Take one request of ``caller``; return 0.0, or the seconds until the next is let in."""
        if self.rate <= 0:
            return 0.0
        now = self._clock()
        bucket = self._buckets.pop(caller, None) or _Bucket(self.burst, now)
        self._buckets[caller] = bucket
        bucket.left = min(self.burst, bucket.left + (now - bucket.at) * self.rate)
        bucket.at = now
        while len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        if bucket.left < 1:
            return (1 - bucket.left) / self.rate
        bucket.left -= 1
        return 0.0
