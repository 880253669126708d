"""Step 4 in exhibits, the fit of a value proposition: which jobs, pains and gains something of ours takes care of.

The three kinds of needs stand as three cards, each with what gets it done, relieves it or brings it about (Osterwalder
and others, Value Proposition Design, 2014).
"""

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.exhibits.proofs import is_sourced, proofs_of
from workbook.exhibits.upstream.needs import scored_needs
from workbook.language import N_, _, listed, number, plural
from workbook.plan.model import Need, NeedKind, Reliever, Segment, Targeting

__all__ = ["value_fit"]

HEADS = {
    NeedKind.JOB: (N_("Jobs"), N_("what gets them done")),
    NeedKind.PAIN: (N_("Pains"), N_("what relieves them")),
    NeedKind.GAIN: (N_("Gains"), N_("what brings them about")),
}


def value_fit(case: Case) -> Exhibit:
    """Show, for each job, pain and gain of the people we serve, what we do about it and whether that is proven."""
    needs = [need for need in case.needs if _served(case, need)]
    if not needs:
        return Exhibit(
            "value_fit",
            _(N_("Name jobs, pains and gains in step 2, and what you do about each stands here.")),
            empty=True,
        )
    scores = scored_needs(case).table.set_index("id")["opportunity"].to_dict()
    table = pd.DataFrame([_row(case, need, scores) for need in needs])
    table = table.sort_values("opportunity", ascending=False, kind="stable", na_position="last").reset_index(drop=True)
    return Exhibit(
        "value_fit",
        _finding(case, table),
        table,
        (
            Column("need", _(N_("Need"))),
            Column("kind_words", _(N_("Kind"))),
            Column("opportunity", _(N_("Opportunity")), "number", 1),
            Column("by", _(N_("What we do about it"))),
            Column("through", _(N_("Attribute that does it"))),
            Column("fit", _(N_("Met?"))),
        ),
        cards=tuple(_card(case, kind, table) for kind in NeedKind if (table["kind"] == kind.value).any()),
        method=_(
            N_(
                "A need is met with proof when what is done about it, or the attribute that does it, has a proof with a "
                "source; the largest opportunity first."
            )
        ),
    )


def _served(case: Case, need: Need) -> bool:
    segment = case.plan.item(need.segment)
    return not isinstance(segment, Segment) or segment.targeting is not Targeting.EXCLUDED


def _relieving(case: Case, need: str) -> list[Reliever]:
    return [reliever for reliever in case.plan.relievers if need in reliever.needs]


def _is_proven(case: Case, reliever: Reliever) -> bool:
    return any(map(is_sourced, reliever.evidence)) or bool(proofs_of(case.plan.item(reliever.attribute)))


def _row(case: Case, need: Need, scores: dict[str, float]) -> dict[str, object]:
    relieving = _relieving(case, need.id)
    proven = any(_is_proven(case, reliever) for reliever in relieving)
    words = {
        "proven": _(N_("met, with proof")),
        "claimed": _(N_("met on paper, no proof yet")),
        "open": _(N_("nothing yet")),
    }
    state = "proven" if proven else "claimed" if relieving else "open"
    return {
        "id": need.id,
        "need": need.label,
        "kind": need.kind.value,
        "kind_words": _(need.kind.label).partition(":")[0],
        "opportunity": scores.get(need.id, float("nan")),
        "by": listed([reliever.label for reliever in relieving]) or "–",
        "through": listed(list(dict.fromkeys(case.plan.name_of(r.attribute) for r in relieving if r.attribute))) or "–",
        "state": state,
        "fit": words[state],
    }


def _card(case: Case, kind: NeedKind, table: pd.DataFrame) -> Card:
    head, meaning = HEADS[kind]
    mine = table[table["kind"] == kind.value]
    facts = tuple(
        (row["need"], tuple(_line(case, r) for r in _relieving(case, row["id"])) or (_(N_("Nothing yet")),))
        for _i, row in mine.iterrows()
    )
    bare = int((mine["state"] == "open").sum())
    tags = (Tag("stale", plural("{count} with nothing", "{count} with nothing", bare)),) if bare else ()
    return Card(_(head), _(meaning), facts, tags)


def _line(case: Case, reliever: Reliever) -> str:
    return reliever.label if _is_proven(case, reliever) else _(N_("{what} (no proof yet)"), what=reliever.label)


def _finding(case: Case, table: pd.DataFrame) -> str:
    met = table[table["state"] != "open"]
    finding = plural(
        "Something is done about {met} of {count} need, {proven} of them with proof.",
        "Something is done about {met} of {count} needs, {proven} of them with proof.",
        len(table),
        met=number(len(met)),
        proven=number(int((table["state"] == "proven").sum())),
    )
    bare = table[(table["state"] == "open") & (table["kind"] != NeedKind.JOB.value)]
    if len(bare):
        finding += " " + _(
            N_("No pain reliever or gain creator for: {needs}."), needs=listed([f"“{need}”" for need in bare["need"]])
        )
    elif len(met) < len(table):
        unmet = table.loc[table["state"] == "open", "need"]
        finding += " " + _(N_("Nothing for: {needs}."), needs=listed([f"“{need}”" for need in unmet]))
    spare = [r.label for r in case.plan.relievers if not {str(ref) for ref in r.needs} & set(table["id"])]
    if spare and not case.segment:
        finding += " " + _(
            N_("Answers nothing that they asked for: {names}."), names=listed([f"“{name}”" for name in spare])
        )
    return finding
