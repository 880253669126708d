"""How far the plan is, what has changed in it, and what that leaves standing on sand.

What an item was confirmed against is read back from the plan's history. Where the history does not hold it, as in a
plan brought in from elsewhere, the exhibit says so instead of guessing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, islice, takewhile
from typing import Any

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.decided import called, period_words, sentence_case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.language import N_, _, date_words, listed, number, plural
from workbook.plan.checks import check
from workbook.plan.model import AdvantageState, Charter, FieldShape, Item, Part, Plan, Segment, Targeting, shapes
from workbook.plan.revisions import Revision
from workbook.plan.staleness import Change, Stale, fingerprint, waiting_in
from workbook.plan.wording import in_words
from workbook.steps import STEPS, open_points, section_of, step_states

__all__ = ["charter_completeness", "links_overview", "plan_progress", "recent_changes", "stale_items"]

ASKED = ("goal", "who", "what", "period", "where", "why", "how", "revenue_target", "team")
"""The fields of the charter that answer its questions, in the order in which they are asked."""

FIRST_DOWNSTREAM = "criteria"
"""The section of the plan with which the downstream begins: those before it are upstream."""

STATES = {
    "done": N_("done"),
    "stale": N_("to look at again"),
    "open": N_("begun"),
    "empty": N_("not begun"),
}

LATEST = 10
"""Operations shown among the recent changes."""

PER_OPERATION = 4
"""Changes shown of one operation; the rest are counted."""

ROOM = 140
"""Characters of a text that a table shows."""

CARDS = 8
"""Stale items shown as cards; the table has them all."""


def charter_completeness(case: Case) -> Exhibit:
    """Say which of the first questions the charter answers, and what would help with the others."""
    helps = {point.path: point.sentence for point in check(case.plan)}
    fields = {shape.name: shape for shape in shapes(Charter)}
    rows = [
        {
            "name": name,
            "question": _asked(fields[name]),
            "answer": _apart("", _answer(fields[name], case))[1] if not missing else "",
            "missing": sentence_case(missing),
        }
        for name in ASKED
        for missing in [helps.get(f"/charter/{name}", "")]
    ]
    table = pd.DataFrame(rows)
    wanting = [row["question"] for row in rows if row["missing"]]
    columns = (
        Column("question", _(N_("Question"))),
        Column("answer", _(N_("Answer"))),
        Column("missing", _(N_("What would help"))),
    )
    if len(wanting) == len(rows):
        finding = _(N_("Nothing is answered yet. Begin with the goal: all that follows is judged by it."))
    elif wanting:
        finding = _(
            N_("The charter answers {answered} of {asked} questions. Still to answer: {missing}."),
            answered=number(len(rows) - len(wanting)),
            asked=number(len(rows)),
            missing=listed([question.lower() for question in wanting]),
        )
    else:
        finding = _(N_("The charter answers all {asked} questions."), asked=number(len(rows)))
    shown = columns if wanting else columns[:2]
    return Exhibit("charter_completeness", finding, table, shown, empty=len(wanting) == len(rows))


def plan_progress(case: Case) -> Exhibit:
    """Show how far each step is, how many points are open in it, and where something has become stale."""
    nodes = [one.node for one in case.stale]
    states, sections = step_states(case.plan, nodes), [section_of(case.plan, node) for node in dict.fromkeys(nodes)]
    words = {state: _(message) for state, message in STATES.items()}
    table = pd.DataFrame(
        [
            {
                "number": page.number,
                "step": _(page.title),
                "state": states[page.key],
                "state_words": words[states[page.key]],
                "open": len(open_points(case.plan, page)),
                "stale": sum(section in page.sections for section in sections),
            }
            for page in STEPS
        ]
    )
    columns = (
        Column("number", _(N_("Number")), "number", 0),
        Column("step", _(N_("Step"))),
        Column("state_words", _(N_("State"))),
        Column("open", _(N_("Open points")), "number", 0),
        Column("stale", _(N_("Stale items")), "number", 0),
    )
    if set(table["state"]) == {"empty"}:
        finding = _(
            N_("No step has begun. Start with {step}: {question}"),
            step=_(STEPS[0].title),
            question=_(STEPS[0].question),
        )
        return Exhibit("plan_progress", finding, table, columns, empty=True)
    from workbook.exhibits.charts import progress_tiles

    labels = words | {"step": _(N_("Step")), "state": _(N_("State")), "points": _(N_("Open points"))}
    return Exhibit(
        "plan_progress",
        _progress_finding(table),
        table,
        columns,
        progress_tiles(table, labels=labels),
        method=_(
            N_("A step is done when it is begun, nothing in it is missing, and nothing it stands on has changed.")
        ),
    )


def stale_items(case: Case) -> Exhibit:
    """Show what stands on something that has changed since it was confirmed, before and after, and what waits for it."""
    standing = {link.downstream for link in case.links.all}
    if not standing:
        return Exhibit(
            "stale_items",
            _(
                N_(
                    "Nothing stands on anything yet. Once a campaign names its segment, its challenge and its advantage, "
                    "a change in one of them shows here what it touches."
                )
            ),
            empty=True,
        )
    if not case.stale:
        return Exhibit("stale_items", _settled_finding(case, standing))
    waits = waiting_in(case.plan, case.stale, links=case.links)
    shaken = [_shaken(case, one) for one in case.stale]
    rows = [row for one in shaken for row in _stale_rows(case, one, waits)]
    columns = (
        Column("item", _(N_("Stale"))),
        Column("upstream", _(N_("Stands on"))),
        Column("field", _(N_("What changed"))),
        Column("before", _(N_("Before"))),
        Column("after", _(N_("After"))),
        Column("confirmed", _(N_("Confirmed"))),
        Column("waits", _(N_("What waits for it"))),
    )
    nodes = dict.fromkeys(one.node for one in case.stale)
    return Exhibit(
        "stale_items",
        _stale_finding(case, shaken, waits),
        pd.DataFrame(rows),
        columns,
        cards=tuple(_stale_card(case, node, shaken, waits) for node in islice(nodes, CARDS)),
        method=_(
            N_(
                "An item is stale when what it stands on no longer says what it said as somebody confirmed the item; "
                "before and after are read from the plan's history."
            )
        ),
    )


def recent_changes(case: Case) -> Exhibit:
    """Show the last changes of the plan, newest first: when, who, what, from and to."""
    if not case.history:
        return Exhibit(
            "recent_changes",
            _(
                N_(
                    "No change is on record here. Each will be listed with who made it, when, and what stood there before."
                )
            ),
            empty=True,
        )
    now, latest = _now(), list(islice(_changed_newest_first(case), LATEST))
    rows = [
        {"when": _moment(operation[0].time, now), "who": operation[0].author, **_texts(change)}
        for operation, changes in latest
        for change in _capped(changes)
    ]
    finding = _latest_finding(case, *latest[0], now)
    return Exhibit(
        "recent_changes",
        finding,
        pd.DataFrame(rows),
        (
            Column("when", _(N_("When"))),
            Column("who", _(N_("Who"))),
            Column("what", _(N_("What"))),
            Column("before", _(N_("From"))),
            Column("after", _(N_("To"))),
        ),
        method=_(N_("Every change is kept; nothing is overwritten.")),
    )


def links_overview(case: Case) -> Exhibit:
    """Count the links between upstream and downstream, what stands on nothing, and what nothing stands on."""
    links, plan = case.links.all, case.plan
    if not links:
        return Exhibit(
            "links_overview",
            _(N_("No item names another yet. Links appear as needs name segments and advantages name needs.")),
            empty=True,
        )
    upstream = _upstream_sections()
    sides = [
        (section_of(plan, link.downstream) in upstream, section_of(plan, link.upstream) in upstream)
        for link in links
        if plan.item(link.upstream)
    ]
    crossing = sides.count((False, True))
    orphans = [id for id in case.links.orphans() if section_of(plan, id) not in upstream]
    unanswered = _uncovered(case, (need.id for need in case.needs if _served(need.segment, plan)), "advantages")
    live = (a.id for a in plan.advantages if a.state is AdvantageState.LIVE)
    unused = _uncovered(case, live, "campaigns")
    rows = [
        {"what": _(N_("Links from downstream to upstream")), "count": crossing},
        {"what": _(N_("Links inside the upstream")), "count": sides.count((True, True))},
        {"what": _(N_("Links inside the downstream")), "count": sides.count((False, False))},
        {"what": _(N_("Links to something that is gone")), "count": len(links) - len(sides)},
        {
            "what": _(N_("Downstream items that stand on nothing")),
            "count": len(orphans),
            "which": _named(plan, orphans),
        },
        _coverage_row(_(N_("Needs that an advantage answers")), unanswered, plan),
        _coverage_row(_(N_("Advantages that a campaign uses")), unused, plan),
    ]
    finding = plural(
        "{crossing} of {count} link leads from downstream to upstream.",
        "{crossing} of {count} links lead from downstream to upstream.",
        len(links),
        crossing=number(crossing),
    )
    for sentence, (left, asked) in (
        (N_("Advantages answer {done} of {asked} needs."), unanswered),
        (N_("Campaigns use {done} of {asked} advantages."), unused),
    ):
        finding += " " + _(sentence, done=number(asked - len(left)), asked=number(asked)) if asked else ""
    if orphans:
        finding += " " + plural(
            "{count} downstream item stands on nothing.", "{count} downstream items stand on nothing.", len(orphans)
        )
    return Exhibit(
        "links_overview",
        finding,
        pd.DataFrame(rows, columns=["what", "count", "share", "which"]).fillna({"which": ""}),
        (
            Column("what", _(N_("What"))),
            Column("count", _(N_("Count")), "number", 0),
            Column("share", _(N_("Share")), "percent"),
            Column("which", _(N_("Still to link"))),
        ),
        method=_(
            N_("A link is a choice in a form: nobody draws it. Excluded segments and dropped advantages do not count.")
        ),
    )


# The charter and the steps


def _asked(shape: FieldShape) -> str:
    return _(N_("When and for how long")) if shape.name == "period" else _(shape.title)


def _answer(shape: FieldShape, case: Case) -> str:
    charter = case.plan.charter
    return period_words(charter) if shape.name == "period" else in_words(shape, getattr(charter, shape.name), case.plan)


def _progress_finding(table: pd.DataFrame) -> str:
    done, points = int((table["state"] == "done").sum()), int(table["open"].sum())
    finding = _(N_("{done} of {steps} steps are done."), done=number(done), steps=number(len(table)))
    if stale := int(table["stale"].sum()):
        finding += " " + plural("{count} item is stale.", "{count} items are stale.", stale)
    if points:
        finding += " " + plural("{count} point is still open.", "{count} points are still open.", points)
    if done < len(table):
        finding += " " + _(N_("Next: {step}."), step=table.loc[table["state"] != "done", "step"].iloc[0])
    return finding


# What is stale


@dataclass(frozen=True)
class _Shaken:
    """Something stale, with what changed upstream (empty where the history does not hold it), and who confirmed it when."""

    stale: Stale
    upstream: str
    changes: tuple[Change, ...]
    confirmed: str


def _shaken(case: Case, one: Stale) -> _Shaken:
    now, was = case.plan, _as_confirmed(case, one)
    item = now.item(one.upstream)
    before = was.item(one.upstream) if was else None
    known = item or before
    return _Shaken(
        one,
        called(known, now if item else was or now) if known else one.upstream,
        tuple(_upstream_changes(before, item, was, now)) if was else (),
        _confirmed_words(case, one),
    )


def _upstream_changes(before: Item | None, item: Item | None, was: Plan, now: Plan) -> Iterator[Change]:
    """Yield what differs in one upstream item; its name stands beside them already."""
    if before is not None and item is not None:
        return _changes(before, item, was, now, ())
    return _item_changes(before, item, was, now, ())


def _as_confirmed(case: Case, one: Stale) -> Plan | None:
    """Return the plan in which ``one`` was confirmed: its upstream item must say there what the fingerprint says."""
    seen = case.plan.confirmed[one.node].seen[one.upstream]
    for revision in dict.fromkeys((one.revision, 0)):
        was = case.plan_at(revision)
        if was is not None and fingerprint(was.item(one.upstream)) == seen:
            return was
    return None


def _confirmed_words(case: Case, one: Stale) -> str:
    """Return who confirmed and when; the day only where the confirmation itself, or the first storing it meant, is on record."""
    held = case.plan.confirmed[one.node].model_dump(mode="json", include={"seen", "by", "revision"})
    made = next(
        (
            revision
            for revision in case.history
            if revision.path == f"/confirmed/{one.node}"
            and isinstance(revision.value, dict)
            and all(revision.value.get(name, 0 if name == "revision" else "") == value for name, value in held.items())
        ),
        None,
    )
    brought_in = made is not None and made.sequence <= case.first_stored and one.revision > 0
    when = date_words(made.time.astimezone()) if made is not None and not brought_in else ""
    return ", ".join(part for part in (case.plan.name_of(one.by), when) if part)


def _stale_rows(case: Case, one: _Shaken, waits: dict[str, str]) -> Iterator[dict[str, str]]:
    for change in one.changes or (Change("–", _(N_("not known here")), ""),):
        before, after = _apart(change.before, change.after)
        yield {
            "item": _node_name(case.plan, one.stale.node),
            "upstream": one.upstream,
            "field": change.title,
            "before": before,
            "after": after,
            "confirmed": one.confirmed,
            "waits": _few(_waiting(case, one.stale.node, waits), 10),
        }


def _stale_card(case: Case, node: str, shaken: list[_Shaken], waits: dict[str, str]) -> Card:
    mine = [one for one in shaken if one.stale.node == node]
    facts = [(_upstream_label(one), _change_lines(one)) for one in mine]
    waived = [
        _(N_("{who}: {reason}"), who=case.plan.name_of(one.stale.waiver.by), reason=one.stale.waiver.reason)
        for one in mine
        if one.stale.waiver
    ]
    waiting, item = _waiting(case, node, waits), case.plan.item(node)
    return Card(
        called(item, case.plan) if item else _section_title(node),
        _section_title(section_of(case.plan, node)) if item else "",
        (
            *facts,
            (_(N_("Waived before")), tuple(waived)),
            (_(N_("Confirmed")), tuple(dict.fromkeys(one.confirmed for one in mine if one.confirmed))),
            (_(N_("What waits for it")), (_few(waiting, 5),) if waiting else ()),
        ),
        (Tag("stale", _(N_("confirm, change or waive"))),),
    )


def _waiting(case: Case, node: str, waits: dict[str, str]) -> list[str]:
    return [_node_name(case.plan, other) for other, near in waits.items() if near == node]


def _upstream_label(one: _Shaken) -> str:
    if one.stale.gone:
        return _(N_("“{item}” is gone"), item=one.upstream)
    return _(N_("“{item}” has changed"), item=one.upstream)


def _change_lines(one: _Shaken) -> tuple[str, ...]:
    if not one.changes:
        return (_(N_("What it said before is not known here.")),)
    return tuple(_in_short(change.title, *_apart(change.before, change.after)) for change in one.changes)


def _stale_finding(case: Case, shaken: list[_Shaken], waits: dict[str, str]) -> str:
    nodes = list(dict.fromkeys(one.stale.node for one in shaken))
    parts = [
        _(N_("What changed: {names}."), names=_few(list(dict.fromkeys(one.upstream for one in shaken)))),
        plural(
            "{count} item still stands on what was: {names}.",
            "{count} items still stand on what was: {names}.",
            len(nodes),
            names=_few([_node_name(case.plan, node) for node in nodes]),
        ),
    ]
    if waits:
        parts.append(plural("{count} more waits for that.", "{count} more wait for that.", len(waits)))
    parts.append(_(N_("To decide for each: confirm it as it is, change it, or waive the change.")))
    return " ".join(parts)


def _settled_finding(case: Case, standing: set[str]) -> str:
    confirmed = sum(node in case.plan.confirmed for node in standing)
    if not confirmed:
        return plural(
            "{count} item stands on others, and nobody has confirmed it yet. Confirm it once it is settled: "
            "from then on a change in what it stands on shows here.",
            "{count} items stand on others, and nobody has confirmed one yet. Confirm each once it is settled: "
            "from then on a change in what it stands on shows here.",
            len(standing),
        )
    return plural(
        "Nothing is stale: what the {count} confirmed item stands on is as it was.",
        "Nothing is stale: what the {count} confirmed items stand on is as it was.",
        confirmed,
    )


# What has changed


def _changed_newest_first(case: Case) -> Iterator[tuple[list[Revision], list[Change]]]:
    """Yield the operations that changed something, with their changes in words."""
    operations = [list(one) for _id, one in groupby(case.history, key=lambda revision: revision.operation)]
    for operation in reversed(operations):
        was, now = case.plan_at(operation[0].sequence - 1), case.plan_at(operation[-1].sequence)
        if operation is operations[0]:
            stored = plural("{count} item", "{count} items", len(now.ids)) if now else ""
            yield operation, [Change(_(N_("The plan as first stored")), "", stored)]
        elif was is None or now is None:
            yield operation, [Change(", ".join(revision.path for revision in operation[:PER_OPERATION]), "", "")]
        elif found := [*_confirmations(was, now), *_changes(was, now, was, now, ())]:
            yield operation, found


def _capped(changes: Sequence[Change]) -> list[Change]:
    """Return the first changes of an operation, and how many more there are."""
    more = len(changes) - PER_OPERATION
    return [*changes[:PER_OPERATION], *([Change(_and_more(more), "", "")] if more > 0 else [])]


def _and_more(count: int) -> str:
    return plural("and {count} more change", "and {count} more changes", count)


def _latest_finding(case: Case, operation: list[Revision], changes: Sequence[Change], now: datetime) -> str:
    values = {"when": _ago(operation[-1].time, now), "who": operation[-1].author}
    if operation[-1].sequence == case.first_stored:
        return _(N_("Nothing has changed since the plan was stored, {when}, by {who}."), **values)
    what = _in_short(*_texts(changes[0]).values())
    if len(changes) > 1:
        what = f"{what}, {_and_more(len(changes) - 1)}"
    return _(N_("Last change, {when}, by {who}: {what}."), **values, what=what)


def _confirmations(was: Plan, now: Plan) -> Iterator[Change]:
    for node in dict.fromkeys([*was.confirmed, *now.confirmed]):
        before, after = was.confirmed.get(node), now.confirmed.get(node)
        if before == after or after is None:
            continue
        name = _node_name(now, node)
        if before is not None and before.seen == after.seen and before.revision == after.revision:
            waived = [w for upstream, w in after.waived.items() if w != before.waived.get(upstream)]
            reason = waived[0].reason if waived else ""
            yield Change(_(N_("A change was waived for “{item}”"), item=name), "", reason)
        else:
            yield Change(_(N_("“{item}” was confirmed"), item=name), "", "")


def _changes(before: Part, after: Part, was: Plan, now: Plan, trail: tuple[str, ...]) -> Iterator[Change]:
    """Yield the fields in which two states of one part differ, down to the parts and items in it."""
    for shape in shapes(type(after)):
        old, new = getattr(before, shape.name), getattr(after, shape.name)
        if old == new:
            continue
        here = (*trail, _(shape.title))
        if shape.kind == "items":
            yield from _collection_changes(shape, old, new, was, now, trail)
        elif isinstance(old, Part) and isinstance(new, Part):
            yield from _changes(old, new, was, now, here)
        elif isinstance(old, dict) and isinstance(new, dict):
            for key in dict.fromkeys([*old, *new]):
                if old.get(key) != new.get(key):
                    name = now.name_of(key) if now.item(key) else was.name_of(key)
                    yield _change((*here, name), number(old.get(key)), number(new.get(key)))
        else:
            yield _change(here, in_words(shape, old, was), in_words(shape, new, now))


def _collection_changes(
    shape: FieldShape, old: tuple[Item, ...], new: tuple[Item, ...], was: Plan, now: Plan, trail: tuple[str, ...]
) -> Iterator[Change]:
    before, after = {item.id: item for item in old}, {item.id: item for item in new}
    for id in dict.fromkeys([*before, *after]):
        if before.get(id) != after.get(id):
            here = trail if id in before and id in after else (*trail, _(shape.title))
            yield from _item_changes(before.get(id), after.get(id), was, now, here)
    if [id for id in before if id in after] != [id for id in after if id in before]:
        here = (*trail, _(shape.title), _(N_("order")))
        yield _change(here, ", ".join(called(i, was) for i in old), ", ".join(called(i, now) for i in new))


def _item_changes(
    before: Item | None, after: Item | None, was: Plan, now: Plan, trail: tuple[str, ...]
) -> Iterator[Change]:
    """Yield what differs in an item that may be new or gone; the name of one that stays stands before its fields."""
    if before is None and after is not None:
        yield Change(": ".join((*trail, _(N_("added")))), "", called(after, now))
    elif before is not None and after is None:
        yield Change(": ".join((*trail, _(N_("taken out")))), called(before, was), "")
    elif before is not None and after is not None:
        yield from _changes(before, after, was, now, (*trail, called(before, was)))


def _change(trail: Iterable[str], before: str, after: str) -> Change:
    return Change(": ".join(trail), before or "–", after or "–")


def _texts(change: Change) -> dict[str, str]:
    before, after = _apart(change.before, change.after)
    return {"what": change.title, "before": before, "after": after}


def _in_short(what: str, before: str, after: str) -> str:
    """Return a change on one line; what came or went has one side only."""
    if before and after:
        return f"{what}: {before} → {after}"
    return f"{what} ({before or after})" if before or after else what


def _apart(before: str, after: str) -> tuple[str, str]:
    """Return two texts cut to the room there is, beginning a little before they part."""
    if max(len(before), len(after)) <= ROOM:
        return before, after
    alike = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    start = max(0, alike - ROOM // 3)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + ROOM]
    return ("…" if start and text else "") + shown + ("…" if len(text) > start + ROOM else "")


def _now() -> datetime:
    return datetime.now(UTC)


def _moment(time: datetime, now: datetime) -> str:
    """Return day and hour, on this machine's clock; a clock that was ahead is not believed."""
    local = min(time, now).astimezone()
    return f"{date_words(local)}, {local:%H:%M}"


def _ago(time: datetime, now: datetime) -> str:
    """Return how long ago ``time`` was, never less than nothing; from a week on, the day."""
    minutes = max(0, int((now - time).total_seconds() // 60))
    if minutes < 1:
        return _(N_("just now"))
    if minutes < 60:
        return plural("{count} minute ago", "{count} minutes ago", minutes)
    if minutes < 24 * 60:
        return plural("{count} hour ago", "{count} hours ago", minutes // 60)
    if minutes < 7 * 24 * 60:
        return plural("{count} day ago", "{count} days ago", minutes // (24 * 60))
    return date_words(time.astimezone())


# Links


def _upstream_sections() -> set[str]:
    names = [shape.name for shape in shapes(Plan)]
    return set(names[: names.index(FIRST_DOWNSTREAM)])


def _served(segment: str | None, plan: Plan) -> bool:
    found = plan.item(segment)
    return not (isinstance(found, Segment) and found.targeting is Targeting.EXCLUDED)


def _uncovered(case: Case, ids: Iterable[str], section: str) -> tuple[list[str], int]:
    """Return those of ``ids`` on which nothing in ``section`` stands, and how many were asked about."""
    covered = {link.upstream for link in case.links.all if link.path.startswith(f"/{section}/")}
    asked = list(ids)
    return [id for id in asked if id not in covered], len(asked)


def _coverage_row(what: str, uncovered: tuple[list[str], int], plan: Plan) -> dict[str, Any]:
    left, asked = uncovered
    share = (asked - len(left)) / asked if asked else float("nan")
    return {"what": what, "count": asked - len(left), "share": share, "which": _named(plan, left)}


def _named(plan: Plan, ids: list[str]) -> str:
    return listed([called(item, plan) for id in ids if (item := plan.item(id))])


# Names


def _node_name(plan: Plan, node: str) -> str:
    """Return what people call a node; one that goes by the name of what it names says which kind it is."""
    item = plan.item(node)
    if item is None:
        return _section_title(node)
    kind = "" if getattr(item, "name", "") else f" ({_section_title(section_of(plan, node))})"
    return called(item, plan) + kind


def _section_title(section: str) -> str:
    return next((_(shape.title) for shape in shapes(Plan) if shape.name == section), section)


def _few(names: list[str], most: int = 3) -> str:
    """Return the first names as a list in a sentence, and how many more there are."""
    rest = len(names) - most
    more = [plural("{count} more", "{count} more", rest)] if rest > 0 else []
    return listed(names[:most] + more)
