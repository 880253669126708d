"""The split of a budget beside what a team would otherwise do: loss and time, draws, and a key press with twelve channels."""

import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

PROBLEMS = 20
CHANNELS = 20
BUDGET = 300_000.0


@dataclass(frozen=True)
class Rival:
    """Another way to split: median loss against the allocator, the worst one, and median seconds."""

    name: str
    loss: float
    worst: float
    seconds: float


def problems() -> list[list[Any]]:
    """Return twenty problems of twenty channels, S-shaped and concave ones mixed."""
    from workbook.channels.allocation import ChannelOption
    from workbook.channels.response import Hill

    made = []
    for seed in range(PROBLEMS):
        rng = np.random.default_rng(seed)
        curves = [Hill(*rng.uniform((50, 5_000, 0.5), (500, 60_000, 4))) for _ in range(CHANNELS)]
        made.append([ChannelOption(f"channel {i}", curve) for i, curve in enumerate(curves)])
    return made


def compared() -> tuple[float, float, list[Rival]]:
    """Return the allocator's median seconds, its widest gap, and its rivals: two local searches and a greedy climb."""
    from workbook.channels.allocation import allocate

    rivals = {
        "SLSQP from the equal split": lambda o, _rng: local(o, np.full(len(o), BUDGET / len(o))),
        "SLSQP from last year's split": lambda o, rng: local(o, BUDGET * rng.dirichlet(np.full(len(o), 2.0))),
        "a greedy climb in 1,000 steps": lambda o, _rng: greedy(o),
    }
    losses: dict[str, list[float]] = {name: [] for name in rivals}
    times: dict[str, list[float]] = {name: [] for name in rivals}
    ours, gaps = [], []
    for seed, options in enumerate(problems()):
        start = perf_counter()
        found = allocate(options, BUDGET)
        ours.append(perf_counter() - start)
        gaps.append(found.gap)
        for name, rival in rivals.items():
            start = perf_counter()
            brings = rival(options, np.random.default_rng(seed))
            times[name].append(perf_counter() - start)
            losses[name].append(1 - brings / found.outcome)
    said = [Rival(name, median(losses[name]), max(losses[name]), median(times[name])) for name in rivals]
    return median(ours), max(gaps), said


def local(options: list[Any], start: Any) -> float:
    """Return what SLSQP finds from ``start``."""
    from scipy import optimize

    from workbook.channels.response import stacked

    curves = stacked([o.curve for o in options])
    minimize: Any = optimize.minimize
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: Any = minimize(
            lambda s: -float(curves.outcome(np.maximum(s, 0)).sum()),
            start,
            jac=lambda s: -np.minimum(curves.marginal(np.maximum(s, 1e-9)), 1e6),
            method="SLSQP",
            bounds=[(0, BUDGET)] * len(options),
            constraints={"type": "eq", "fun": lambda s: s.sum() - BUDGET, "jac": lambda s: np.ones(len(s))},
            options={"maxiter": 300},
        )
    return float(-found.fun)


def greedy(options: list[Any], steps: int = 1000) -> float:
    """Return what comes of giving each step of the budget to the channel that gains most from it."""
    from workbook.channels.response import stacked

    curves, spend, step = stacked([o.curve for o in options]), np.zeros(len(options)), BUDGET / steps
    for _ in range(steps):
        spend[np.argmax(curves.outcome(spend + step) - curves.outcome(spend))] += step
    return float(curves.outcome(spend).sum())


def drawn_splits(draws: int = 1000, channels: int = 10, steps: int = 200) -> tuple[float, float]:
    """Return the seconds for a best split of every draw, side by side, and as many times one split alone would take."""
    from workbook.channels.allocation import ChannelOption, allocate
    from workbook.channels.response import Hill
    from workbook.channels.uncertainty import Doubt, best_splits, drawn_factors

    options = problems()[0][:channels]
    factors = drawn_factors([Doubt(0.6, 1.5)] * channels, draws=draws)
    start = perf_counter()
    best_splits(options, BUDGET, factors, steps=steps)
    together = perf_counter() - start
    start = perf_counter()
    for factor in factors[:10]:
        scaled = [
            ChannelOption(o.name, Hill(o.curve.maximum * f, o.curve.half_spend, o.curve.shape))
            for o, f in zip(options, factor, strict=True)
        ]
        allocate(scaled, BUDGET, steps=steps)
    return together, (perf_counter() - start) * draws / 10


def keys_with_twelve_channels() -> list[float]:
    """Return the milliseconds from a key in the budget to the redrawn split, twelve channels on the page, sorted."""
    from pages import PRESS, ROOT, STEP, browser, drawn_after, served

    from workbook.pages import made_workspace

    sys.path.insert(0, str(ROOT / "tests"))
    from channel_samples import double_channels

    workspace = made_workspace(Path(tempfile.mkdtemp(prefix="workbook-bench-")), samples=True)
    double_channels(workspace)
    command = ["-m", "workbook.cli", "serve", "--port", "8933"]
    with browser() as chromium, served(command, workspace.folder, r"http://\S+token=\S+") as address:
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(address)
        drawn_after(page, f"http://127.0.0.1:8933/voila/render/{STEP}.ipynb?plan=adaptive-test&language=en")
        page.wait_for_timeout(1000)
        keys: list[float] = page.evaluate(PRESS)
    workspace.log.close()
    return keys
