"""
How long does each thing take, against the least that it could take?

    python benchmarks/bench.py            every benchmark
    python benchmarks/bench.py import     those whose name contains "import"

To add one, write a function that returns a `Result` and put it in BENCHMARKS. Say in ``baseline`` what the time is
compared with: the ratio is what carries over from one machine to another.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Result:
    """Seconds taken by a subject and by the baseline it is compared with."""

    subject: str
    seconds: float
    baseline: str
    baseline_seconds: float

    @property
    def ratio(self) -> float:
        return self.seconds / self.baseline_seconds


def seconds(run: Callable[[], object], *, rounds: int = 7) -> float:
    """Return the median time of ``run`` after one round that does not count."""
    run()
    return median(_timed(run) for _ in range(rounds))


def _timed(run: Callable[[], object]) -> float:
    start = perf_counter()
    run()
    return perf_counter() - start


def python(code: str) -> Callable[[], object]:
    """Return a function that runs ``code`` in a Python of its own."""
    return lambda: subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


def import_time() -> Result:
    return Result("import workbook", seconds(python("import workbook")), "an empty Python", seconds(python("pass")))


def catalogue_load() -> Result:
    from babel.messages.pofile import read_po

    from workbook import language

    path = Path(language.__file__).with_name("words") / "it" / "LC_MESSAGES" / "workbook.po"

    def load() -> object:
        language._catalogue.cache_clear()
        return language._catalogue("it")

    def read() -> object:
        if not path.exists():
            return None
        with path.open("rb") as stream:
            return read_po(stream, locale="it")

    return Result("load the Italian catalogue", seconds(load), "Babel reading the file", seconds(read))


BENCHMARKS: list[Callable[[], Result]] = [
    import_time,
    catalogue_load,
]


def main(wanted: list[str]) -> int:
    chosen = [run for run in BENCHMARKS if not wanted or any(word in run.__name__ for word in wanted)]
    if not chosen:
        print(f"No benchmark of that name; there are {', '.join(run.__name__ for run in BENCHMARKS)}.", file=sys.stderr)
        return 2
    table = Table("what", "seconds", "against", "seconds", "ratio", box=None, pad_edge=False)
    for run in chosen:
        result = run()
        table.add_row(
            result.subject,
            f"{result.seconds:.4f}",
            result.baseline,
            f"{result.baseline_seconds:.4f}",
            f"{result.ratio:.2f}",
        )
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
