"""What came of a workshop, in exhibits: votes as dots, notes in heaps, decisions, and what is parked.

Every vote is a dot. Beside the dots stand the median and the quartiles, a flag for two camps, what a further vote
changed, and what the spread asks for; there is no mean. Nobody is named who does not wish to be.
"""

from collections.abc import Callable, Iterable
from functools import partial
from statistics import median

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag, TagKind
from workbook.language import N_, _, date_words, listed, number, plural
from workbook.workshop.agenda import alone, blocks_of
from workbook.workshop.answers import Reading, group_weights
from workbook.workshop.exercises import exercise, readings, title_of
from workbook.workshop.log import Workshop
from workbook.workshop.room import Poll, Room
from workbook.workshop.spread import Suggestion

__all__ = [
    "candidates_in_order",
    "channel_votes",
    "compared_in_pairs",
    "confidence_votes",
    "decided_in",
    "decision_log",
    "dot_votes",
    "gathered_notes",
    "groups_compared",
    "led_elsewhere",
    "need_votes",
    "parking_lot",
    "plus_and_delta",
    "poll_exhibits",
    "satisfaction_votes",
    "segment_votes",
    "three_point_votes",
    "workshop_agenda",
    "workshop_summary",
]

SUGGESTED: dict[Suggestion, str] = {
    "wait": N_("too few votes"),
    "accept": N_("accept"),
    "discuss": N_("discuss, then revote"),
    "revote": N_("vote again"),
    "split": N_("split, or decide with dissent"),
}

COLOURS: dict[Suggestion, TagKind] = {
    "wait": "note",
    "accept": "observed",
    "discuss": "stale",
    "revote": "assumed",
    "split": "stale",
}


def poll_exhibits(poll: Poll, expected: int) -> list[Exhibit]:
    """Return what the last round of ``poll`` that was revealed says; ``expected`` people were asked."""
    if not poll.ended_rounds:
        return [_hidden(poll)]
    one = exercise(poll.exercise)
    if one.key in ("notes", "plusdelta"):
        return [_notes(poll)]
    found = readings(poll)
    aspects = list(one.aspects) or [found[0].aspect]
    return [_votes(poll, aspect, [r for r in found if r.aspect == aspect], expected) for aspect in aspects]


# --- votes


def _votes(poll: Poll, aspect: str, found: list[Reading], expected: int) -> Exhibit:
    from workbook.exhibits.charts.workshop import vote_dots

    one = exercise(poll.exercise)
    shown = [reading for reading in found if reading.spread.n]
    name = f"votes-{poll.exercise}" + (f"-{aspect}" if aspect else "")
    if not shown:
        return Exhibit(name, _(N_("Nobody has voted on this.")), empty=True)
    words = _(one.aspects[aspect]) if aspect in one.aspects else _(N_("Dots of one person"))
    n = len({who for reading in shown for who in reading.values})
    dots, marks = _dots(shown)
    finding = _finding(shown, one.judged, aspect)
    return Exhibit(
        name,
        _(N_("{aspect}. {finding}"), aspect=words, finding=finding) if len(one.aspects) > 1 else finding,
        _table(shown, one.judged),
        _columns(poll, aspect, one.judged),
        vote_dots(
            dots,
            marks,
            low=min(r.low for r in shown),
            high=max(r.high for r in shown),
            labels={"axis": words, "item": _(N_("Item")), "shown": _(N_("Vote"))},
        ),
        tags=(Tag("assumed", _(N_("the team's judgement"))), *_flags(shown, one.judged)),
        method=" ".join([*_method(poll, aspect, one.judged), _turnout(n, expected)]),
        n=n,
    )


def _finding(shown: list[Reading], judged: bool, aspect: str) -> str:
    if not judged:
        first = max(shown, key=lambda reading: sum(reading.values.values()))
        total = sum(first.values.values())
        return _(N_("“{item}” drew most: {count} dots."), item=first.label, count=number(total))
    torn = [reading for reading in shown if reading.spread.camps]
    if torn:
        low, high = torn[0].spread.camps
        sentence = _(
            N_("Two camps on “{item}”: {few} say about {low}, {many} say about {high}."),
            item=torn[0].label,
            few=number(low.n),
            low=number(low.median, _places(low.median)),
            many=number(high.n),
            high=number(high.median, _places(high.median)),
        )
        others = len(torn) - 1
        return sentence + (
            " " + plural("One other item divides them too.", "{count} others divide them too.", others)
            if others
            else ""
        )
    if aspect == "place":
        first = min(shown, key=lambda reading: reading.spread.median)
        sentence = _(N_("“{item}” comes first, with a median place of {median}."), **_named(first))
    else:
        first = max(shown, key=lambda reading: reading.spread.median)
        sentence = _(N_("“{item}” has the highest median, {median}."), **_named(first))
    agreed = sum(reading.spread.suggestion == "accept" for reading in shown)
    return sentence + (
        " "
        + plural(
            "The group agrees on one item of {all}.",
            "The group agrees on {count} items of {all}.",
            agreed,
            all=len(shown),
        )
        if len(shown) > 1
        else ""
    )


def _named(reading: Reading) -> dict[str, str]:
    return {"item": reading.label, "median": number(reading.spread.median, _places(reading.spread.median))}


def _table(shown: list[Reading], judged: bool) -> pd.DataFrame:
    rows = []
    for reading in shown:
        spread, change = reading.spread, reading.change
        rows.append(
            {
                "item": reading.label,
                "n": spread.n,
                "total": sum(reading.values.values()),
                "givers": sum(value > 0 for value in reading.values.values()),
                "median": spread.median,
                "low": spread.low,
                "high": spread.high,
                "before": change.median_before if change else float("nan"),
                "moved": change.moved if change else float("nan"),
                "next": _(SUGGESTED[spread.suggestion]),
                "low_estimate": median(span[0] for span in reading.spans.values()) if reading.spans else float("nan"),
                "high_estimate": median(span[1] for span in reading.spans.values()) if reading.spans else float("nan"),
            }
        )
    table = pd.DataFrame(rows)
    return table if judged else table.sort_values("total", ascending=False, kind="stable").reset_index(drop=True)


def _columns(poll: Poll, aspect: str, judged: bool) -> tuple[Column, ...]:
    item, voters = Column("item", _(N_("Item"))), Column("n", _(N_("Votes")), "number", 0)
    if not judged:
        return (
            item,
            Column("total", _(N_("Dots")), "number", 0),
            Column("givers", _(N_("From so many people")), "number", 0),
        )
    columns = [
        item,
        voters,
        Column("median", _(N_("Median")), "number", 1),
        Column("low", _(N_("Lower quartile")), "number", 1),
        Column("high", _(N_("Upper quartile")), "number", 1),
    ]
    if poll.exercise == "estimates":
        columns += [
            Column("low_estimate", _(N_("Low, median")), "number", 1),
            Column("high_estimate", _(N_("High, median")), "number", 1),
        ]
    if poll.ended_rounds > 1:
        columns += [
            Column("before", _(N_("Median before")), "number", 1),
            Column("moved", _(N_("Changed their vote")), "number", 0),
        ]
    return (*columns, Column("next", _(N_("Suggested next"))))


def _dots(shown: list[Reading]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a row a vote, those alike stacked, and a row an item with its median and quartiles."""
    dots, marks = [], []
    for reading in shown:
        stacked: dict[float, int] = {}
        for who, value in sorted(reading.values.items(), key=lambda pair: (pair[1], pair[0])):
            place = stacked[value] = stacked.get(value, -1) + 1
            low, high = reading.spans.get(who, (value, value))
            dots.append(
                {"item": reading.label, "key": reading.key, "value": value, "place": place, "low": low, "high": high}
            )
        spread = reading.spread
        marks.append(
            {
                "item": reading.label,
                "key": reading.key,
                "median": spread.median,
                "low": spread.low,
                "high": spread.high,
                "shown": number(spread.median, _places(spread.median)),
            }
        )
    return pd.DataFrame(dots), pd.DataFrame(marks)


def _flags(shown: list[Reading], judged: bool) -> Iterable[Tag]:
    if not judged:
        return
    for suggestion in ("accept", "revote", "discuss", "split", "wait"):
        labels = [reading.label for reading in shown if reading.spread.suggestion == suggestion]
        if labels:
            named = labels[0] if len(labels) == 1 else plural("one item", "{count} items", len(labels))
            yield Tag(COLOURS[suggestion], f"{named}: {_(SUGGESTED[suggestion])}")
    apart = sum(len(reading.spread.apart) for reading in shown)
    if apart:
        yield Tag("note", plural("one vote stands apart: heard first", "{count} votes stand apart: heard first", apart))


def _method(poll: Poll, aspect: str, judged: bool) -> Iterable[str]:
    if not judged:
        yield _(N_("A dot is what one person gave. Dots draw attention; they do not say what is right."))
        return
    yield _(N_("Each dot is one person, the mark is the median, the bar holds the middle half."))
    yield _(
        N_(
            "Two camps: bimodality coefficient above 5/9, a gap of a fifth of the scale with a quarter of the votes on either "
            "side, and a division that explains 85 % of the variance. Agreed: the middle half within a fifth of the scale."
        )
    )
    if poll.exercise == "pairs":
        found = group_weights(poll, poll.ended_rounds)
        yield _(
            N_("Weights from pairs, each person's own; consistency ratio of the group {ratio} (up to 0.10 is taken)."),
            ratio=number(found["consistency_ratio"], 2),
        )
    if poll.ended_rounds > 1:
        yield _(N_("Round {round}."), round=number(poll.ended_rounds))


def _turnout(n: int, expected: int) -> str:
    return _(N_("{n} of {all} voted."), n=number(n), all=number(max(n, expected)))


def _places(value: float) -> int:
    return 0 if value == int(value) else 1


# --- words


def _notes(poll: Poll) -> Exhibit:
    name = "plus-and-delta" if poll.exercise == "plusdelta" else "notes"
    notes = list(poll.notes.values())
    if not notes:
        return Exhibit(name, _(N_("Nobody has written a note.")), empty=True)
    people = len({note.who for note in notes})
    if poll.exercise == "plusdelta":
        heads = [("plus", _(N_("Plus: keep it"))), ("delta", _(N_("Delta: change it")))]
        heaps = [(title, [note for note in notes if note.side == side]) for side, title in heads]
    else:
        heaps = [(label, [n for n in notes if n.cluster == id]) for id, label in poll.clusters.items()]
        heaps.sort(key=lambda heap: -len({note.who for note in heap[1]}))
        heaps.append((_(N_("Not sorted")), [note for note in notes if not note.cluster]))
    shown = [(title, heap) for title, heap in heaps if heap]
    counted = plural("One note", "{count} notes", len(notes))
    table = pd.DataFrame([{"heap": title, "note": note.text} for title, heap in shown for note in heap])
    return Exhibit(
        name,
        _(N_("{notes} of {people}."), notes=counted, people=plural("one person", "{count} people", people)),
        table,
        (Column("heap", _(N_("Heap"))), Column("note", _(N_("Note")))),
        cards=tuple(
            Card(title, plural("one note", "{count} notes", len(heap)), (("", tuple(note.text for note in heap)),))
            for title, heap in shown
        ),
        tags=(Tag("assumed", _(N_("the team's judgement"))),),
        method=_(N_("Written silently, before anybody spoke.")),
        n=people,
    )


def _hidden(poll: Poll) -> Exhibit:
    return Exhibit(
        f"votes-{poll.exercise}", _(N_("These votes were never revealed, so nobody has seen them.")), empty=True
    )


# --- what stays of a workshop, for its minutes


def _workshop(case: Case) -> Room | None:
    """Return the latest workshop about the case's plan."""
    found = Workshop.of(case.workspace, case.plan_id) if case.plan_id else None
    return found.room if found else None


def workshop_summary(case: Case) -> Exhibit:
    """Say who met, what was decided, and what each decision rests on."""
    found = Workshop.of(case.workspace, case.plan_id) if case.plan_id else None
    if found is None:
        return Exhibit(
            "workshop-summary",
            _(
                N_(
                    "No workshop has been held about this plan. Begin one with “workbook workshop”, or work through the steps "
                    "alone: each has its examples and its checks."
                )
            ),
            empty=True,
        )
    room = found.room
    done = [poll for poll in room.polls.values() if poll.ended_rounds and poll.phase != "removed"]
    rows = [
        {
            "exercise": _(exercise(poll.exercise).title),
            "title": title_of(poll),
            "rounds": poll.ended_rounds,
            "n": len(poll.voters),
            "adopted": len(poll.adopted),
        }
        for poll in done
    ]
    return Exhibit(
        "workshop-summary",
        _(
            N_("{people} took {decisions} on {day}."),
            people=plural("One person", "{count} people", len(room.participants)),
            decisions=plural("one decision", "{count} decisions", len(room.decisions)),
            day=date_words(found.held.created),
        ),
        pd.DataFrame(rows, columns=["exercise", "title", "rounds", "n", "adopted"]),
        (
            Column("exercise", _(N_("Exercise"))),
            Column("title", _(N_("About"))),
            Column("rounds", _(N_("Rounds")), "number", 0),
            Column("n", _(N_("Voters")), "number", 0),
            Column("adopted", _(N_("Figures adopted")), "number", 0),
        ),
        cards=tuple([Card(_(N_("What did we decide?")), facts=(("", room.closing),))] if room.closing else ()),
        n=len(room.participants),
    )


def workshop_agenda(case: Case) -> Exhibit:
    """Lay out the workshop's agenda; without a workshop, the same steps for one person."""
    room = _workshop(case)
    blocks = blocks_of(room.blocks) if room is not None and room.blocks else alone()
    finding = (
        _(N_("The agenda takes {hours} hours in all."), hours=number(sum(block.minutes for block in blocks) / 60, 1))
        if room is not None and room.blocks
        else _(
            N_("Working alone, the steps take about {hours} hours in all; each stands for itself."),
            hours=number(sum(block.minutes for block in blocks) / 60, 0),
        )
    )
    return Exhibit(
        "workshop-agenda",
        finding,
        pd.DataFrame(
            [{"title": b.title, "minutes": b.minutes, "purpose": b.purpose, "method": b.method} for b in blocks]
        ),
        (
            Column("title", _(N_("Block"))),
            Column("minutes", _(N_("Minutes")), "number", 0),
            Column("purpose", _(N_("What for"))),
            Column("method", _(N_("How"))),
        ),
    )


def decision_log(case: Case) -> Exhibit:
    """List what was decided, with what was not chosen, why, who disagreed, and when it is looked at again."""
    room = _workshop(case)
    if room is None:
        told = _(N_("Each decision stands here, with what was not chosen, why, and whose it is."))
        return Exhibit("decision-log", told, empty=True)
    return decided_in(room)


def decided_in(room: Room) -> Exhibit:
    """List the decisions of ``room``."""
    if not room.decisions:
        return Exhibit("decision-log", _(N_("Nothing has been decided yet.")), empty=True)
    rows = [decision.__dict__ for decision in room.decisions.values()]
    open_ends = sum(not decision.owner for decision in room.decisions.values())
    return Exhibit(
        "decision-log",
        plural("One decision was taken.", "{count} decisions were taken.", len(rows))
        + (" " + plural("One has no owner yet.", "{count} have no owner yet.", open_ends) if open_ends else ""),
        pd.DataFrame(rows),
        (
            Column("choice", _(N_("Decision"))),
            Column("rejected", _(N_("Options rejected"))),
            Column("reason", _(N_("Reason"))),
            Column("dissent", _(N_("Dissent"))),
            Column("evidence", _(N_("Evidence"))),
            Column("owner", _(N_("Owner"))),
            Column("review", _(N_("Look again on"))),
        ),
    )


def parking_lot(case: Case) -> Exhibit:
    """List what was put aside, and whose it is."""
    room = _workshop(case)
    if room is None:
        return Exhibit(
            "parking-lot", _(N_("What a workshop puts aside for later stands here, with whose it is.")), empty=True
        )
    left = [one for one in room.parked.values() if not one.done]
    if not left:
        return Exhibit("parking-lot", _(N_("Nothing is parked.")), empty=True)
    return Exhibit(
        "parking-lot",
        plural("One thing is parked.", "{count} things are parked.", len(left)),
        pd.DataFrame([one.__dict__ for one in left]),
        (Column("text", _(N_("Parked"))), Column("owner", _(N_("Owner")))),
    )


def _latest(case: Case, *, key: str, aspect: str = "") -> Exhibit:
    """Return the exhibit of the last exercise of this kind that was revealed."""
    room = _workshop(case)
    if room is None:
        return _awaited(key, aspect)
    done = [p for p in room.polls.values() if p.exercise == key and p.ended_rounds and p.phase != "removed"]
    if not done:
        title = _(exercise(key).title)
        return Exhibit(f"votes-{key}", _(N_("“{exercise}” was not done in this workshop."), exercise=title), empty=True)
    made = poll_exhibits(done[-1], len(room.expected(done[-1])))
    return next((one for one in made if not aspect or one.name.endswith(f"-{aspect}")), made[0])


def groups_compared(room: Room, poll: Poll) -> Exhibit | None:
    """Set the medians of the groups side by side; None where there are not two groups with votes."""
    groups = {p.id: p.group for p in room.participants.values() if p.group}
    aspects = exercise(poll.exercise).aspects
    rows: list[tuple[str, float, dict[str, float]]] = []
    for reading in readings(poll) if poll.ended_rounds else []:
        by_group: dict[str, list[float]] = {}
        for who, value in reading.values.items():
            if who in groups:
                by_group.setdefault(groups[who], []).append(value)
        told_of = [reading.label, *([_(aspects[reading.aspect])] if len(aspects) > 1 else [])]
        rows.append((" · ".join(told_of), reading.spread.median, {group: median(v) for group, v in by_group.items()}))
    named = [group for group in room.groups if any(group in medians for _label, _all, medians in rows)]
    if len(named) < 2:
        return None
    label, _all, furthest = max(rows, key=lambda row: max(row[2].values(), default=0) - min(row[2].values(), default=0))
    told = listed([f"{group} {number(furthest[group], 1)}" for group in named if group in furthest])
    columns = [Column(f"group {i}", group, "number", 1) for i, group in enumerate(named)]
    table = [
        {"item": name, "all": merged}
        | {f"group {i}": medians.get(group, float("nan")) for i, group in enumerate(named)}
        for name, merged, medians in rows
    ]
    return Exhibit(
        "groups-compared",
        _(N_("The groups are furthest apart on “{item}”: {groups}."), item=label, groups=told),
        pd.DataFrame(table),
        (Column("item", _(N_("Item"))), *columns, Column("all", _(N_("All together")), "number", 1)),
        method=_(N_("Medians of each group's votes, and of all votes merged.")),
    )


def led_elsewhere(case: Case) -> Exhibit:
    """Say to somebody who can only read why there is no console."""
    told = _(N_("A workshop is led by somebody who may change the plan. Here stands what came of it."))
    return Exhibit("led-elsewhere", told, empty=True)


def _awaited(key: str, aspect: str) -> Exhibit:
    """Say which exercise, and which of its questions, an exhibit waits for."""
    asked = exercise(key)
    title = _(asked.title) + (
        f": {_(asked.aspects[aspect])}" if aspect in asked.aspects and len(asked.aspects) > 1 else ""
    )
    told = _(N_("What a group gives in “{exercise}” stands here."), exercise=title)
    return Exhibit(f"votes-{key}", told, empty=True)


need_votes: Callable[[Case], Exhibit] = partial(_latest, key="needs", aspect="importance")
satisfaction_votes: Callable[[Case], Exhibit] = partial(_latest, key="needs", aspect="satisfaction")
channel_votes: Callable[[Case], Exhibit] = partial(_latest, key="ice", aspect="impact")
segment_votes: Callable[[Case], Exhibit] = partial(_latest, key="segments", aspect="fit")
compared_in_pairs: Callable[[Case], Exhibit] = partial(_latest, key="pairs")
three_point_votes: Callable[[Case], Exhibit] = partial(_latest, key="estimates")
candidates_in_order: Callable[[Case], Exhibit] = partial(_latest, key="positioning")
confidence_votes: Callable[[Case], Exhibit] = partial(_latest, key="confidence")
dot_votes: Callable[[Case], Exhibit] = partial(_latest, key="dots")
gathered_notes: Callable[[Case], Exhibit] = partial(_latest, key="notes")
plus_and_delta: Callable[[Case], Exhibit] = partial(_latest, key="plusdelta")
