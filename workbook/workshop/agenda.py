"""What is done when, for how long, and with what? An agenda made from the registry of steps, and kept while it runs.

A block's start follows from when the workshop began, what the blocks before it took, and what was added to them. Who
works alone gets the same steps, with examples and checks in place of exercises.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from workbook.language import N_, listed, plural, translated
from workbook.plan.model import Plan
from workbook.steps import STEPS, Step, open_points, step
from workbook.workshop.exercises import EXERCISES, exercise
from workbook.workshop.room import Room

__all__ = ["PROGRAMMES", "Block", "Programme", "agenda", "alone", "blocks_of", "minutes_left", "prework", "starts"]

BREAK_AFTER = 100
"""Minutes after which people need a break."""

BREAK = 15
LUNCH = 45
SHORTEST = 10
CLOSE = 5

DONE_WITH: dict[str, tuple[str, ...]] = {
    "00_charter": ("notes",),
    "01_personas": ("segments", "pairs"),
    "02_market_research": ("notes", "dots", "needs"),
    "03_competitors": ("notes", "dots"),
    "04_positioning": ("positioning", "confidence"),
    "05_offer_price": ("confidence",),
    "06_roadmap": ("dots",),
    "07_balance": ("confidence",),
    "08_channels": ("ice", "estimates", "pairs"),
    "09_campaigns": ("notes", "dots"),
    "10_handover": ("confidence",),
    "11_tests": ("notes", "dots"),
    "12_measure": ("plusdelta",),
}
"""Exercises that a group does in each step, by the step's key."""


@dataclass(frozen=True)
class Block:
    """A stretch of the agenda. ``step`` is the key of the page it belongs to, ``exercises`` those it uses."""

    title: str
    purpose: str
    minutes: int
    method: str = ""
    material: str = ""
    step: str = ""
    exercises: tuple[str, ...] = ()


@dataclass(frozen=True)
class Programme:
    """A kind of workshop: how long it lasts in all, and which steps it covers."""

    key: str
    title: str
    minutes: int
    steps: tuple[str, ...]


PROGRAMMES = {
    one.key: one
    for one in (
        Programme(
            "half-day",
            N_("Half a day"),
            240,
            ("01_personas", "02_market_research", "04_positioning", "08_channels"),
        ),
        Programme(
            "full-day",
            N_("A full day"),
            450,
            (
                *("00_charter", "01_personas", "02_market_research", "03_competitors"),
                *("04_positioning", "05_offer_price", "07_balance", "08_channels"),
            ),
        ),
        Programme("remote", N_("90 minutes, remote"), 90, ("02_market_research", "04_positioning")),
    )
}


def agenda(programme: Programme) -> list[Block]:
    """
    Return the blocks of ``programme``: an opening, its steps in the river's order, breaks, and the five-minute close.

    The steps share the time by the minutes the registry gives them, none under ten.
    """
    steps = [step(key) for key in programme.steps]
    opening = Block(
        translated(N_("Opening")),
        translated(N_("Everybody knows what is decided today, what is not, and how to vote.")),
        10 if programme.minutes > 120 else 5,
        translated(N_("Goal, agenda and rules; then everybody joins and answers one trial question.")),
        translated(N_("Projector with the code to join")),
    )
    # As many breaks as it takes: each makes the other blocks shorter.
    for pauses in range(len(steps) + 1):
        breaks = [LUNCH if pauses >= 3 and i == (pauses - 1) // 2 else BREAK for i in range(pauses)]
        left = programme.minutes - opening.minutes - CLOSE - sum(breaks)
        made = [opening, *_with_breaks(steps, _shared(left, [one.minutes for one in steps]), opening.minutes, breaks)]
        if len(made) <= 1 + len(steps) + pauses:
            break
    spare = programme.minutes - CLOSE - sum(block.minutes for block in made)
    longest = max((block for block in made if not block.exercises), key=lambda block: block.minutes)
    made[made.index(longest)] = replace(longest, minutes=longest.minutes + spare)
    return [*made, _close()]


def _with_breaks(steps: Sequence[Step], shares: Sequence[int], since: int, breaks: Sequence[int]) -> Iterator[Block]:
    """Yield the steps' blocks, with a break before each that would have people sit for too long."""
    left = list(breaks)
    for one, minutes in zip(steps, shares, strict=True):
        if since + minutes > BREAK_AFTER:
            yield _pause(left.pop(0) if left else BREAK)
            since = 0
        yield _block(one, minutes)
        since += minutes


def alone() -> list[Block]:
    """Return the same steps for one person: nothing in them asks for a group."""
    method = translated(
        N_("Fill in the form, compare it with the example beside each field, then read what the page still finds open.")
    )
    return [
        Block(translated(one.title), translated(one.why), one.minutes, method, translated(one.question), one.key)
        for one in STEPS
        if one.minutes
    ]


def blocks_of(stored: Iterable[Mapping[str, Any]]) -> list[Block]:
    """Return the blocks that a log keeps as plain data."""
    return [Block(**{**one, "exercises": tuple(one.get("exercises", ()))}) for one in stored]


def starts(room: Room, *, began: datetime) -> list[datetime]:
    """
    Return when each block of the room's agenda starts, or started.

    Those up to the one that runs follow from ``began``; those after it from when that one did begin, its minutes and
    what was added to it.
    """
    moments, moment = [], began
    for i, block in enumerate(room.blocks):
        if i == room.block and room.block_began is not None:
            moment = room.block_began
        moments.append(moment)
        moment += timedelta(minutes=block["minutes"] + room.extended.get(i, 0))
    return moments


def minutes_left(room: Room, *, now: datetime) -> float | None:
    """Return the minutes left of the block that runs, below 0 when it is over; None where none runs."""
    if room.block < 0 or room.block_began is None:
        return None
    whole = room.blocks[room.block]["minutes"] + room.extended.get(room.block, 0)
    return float(whole - (now - room.block_began).total_seconds() / 60)


def prework(plan: Plan, blocks: Iterable[Block]) -> list[str]:
    """Return what should be done before the workshop, so that its exercises have something to be about."""
    wanted = []
    for block in blocks:
        for key in block.exercises:
            one = exercise(key)
            lacking = one.least - len(one.items(plan))
            if lacking > 0:
                wanted.append(
                    plural(
                        "{block}: “{exercise}” needs one thing more in the plan to be about.",
                        "{block}: “{exercise}” needs {count} things more in the plan to be about.",
                        lacking,
                        block=block.title,
                        exercise=translated(one.title),
                    )
                )
        if block.step:
            points = open_points(plan, step(block.step))
            wanted += [f"{block.title}: {point}" for point in points[:1]]
    return list(dict.fromkeys(wanted))


def _block(one: Step, minutes: int) -> Block:
    exercises = DONE_WITH.get(one.key, ())
    named = listed([translated(EXERCISES[key].title) for key in exercises])
    method = translated(N_("Silently and hidden, reveal, talk, vote again: {exercises}."), exercises=named)
    material = translated(N_("Page “{title}” on the projector, phones"), title=translated(one.title))
    return Block(translated(one.title), translated(one.why), minutes, method, material, one.key, exercises)


def _pause(minutes: int) -> Block:
    title = translated(N_("Lunch")) if minutes >= LUNCH else translated(N_("Break"))
    return Block(title, translated(N_("Nobody decides well after two hours.")), minutes)


def _close() -> Block:
    return Block(
        translated(N_("What did we decide?")),
        translated(N_("Everybody leaves with the same sentences, each with an owner and a day.")),
        CLOSE,
        translated(N_("Read out the decisions and the parking lot, then plus and delta.")),
        translated(N_("Decision log on the projector")),
        exercises=("plusdelta",),
    )


def _shared(total: int, weights: Sequence[int]) -> list[int]:
    """Return ``total`` minutes shared in proportion to ``weights``, in fives, none under the shortest; the last takes the rest."""
    whole = sum(weights)
    shares = [max(SHORTEST, round(total * weight / whole / 5) * 5) for weight in weights]
    largest = shares.index(max(shares))
    shares[largest] += total - sum(shares)
    return shares
