"""May somebody try another code? Wrong ones are counted, so that nobody can try many."""

import time
from collections import defaultdict, deque
from collections.abc import Callable

__all__ = ["MOST_WRONG", "Guard"]

MOST_WRONG = 20
"""Wrong codes a minute from one address; of 850 thousand million codes nobody guesses one in a day."""

MOST_WRONG_OF_ALL = 200


class Guard:
    """Counts wrong codes and keys, so that nobody can try many."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: defaultdict[str, deque[float]] = defaultdict(deque)

    def refuses(self, address: str) -> bool:
        """Whether ``address``, or everybody together, has tried too often within a minute."""
        return (
            len(self._recent(address)) >= MOST_WRONG
            or sum(len(self._recent(a)) for a in list(self._wrong)) >= MOST_WRONG_OF_ALL
        )

    def note(self, address: str) -> None:
        """Count a wrong try from ``address``."""
        self._recent(address)
        self._wrong[address].append(self._clock())

    def _recent(self, address: str) -> deque[float]:
        times = self._wrong[address]
        while times and self._clock() - times[0] > 60:
            times.popleft()
        if not times:
            self._wrong.pop(address)
        return times
