"""Step 4 in exhibits: which claims are ours alone and proven, which needs they answer, and the statement itself."""

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag, TagKind
from workbook.exhibits.proofs import proofs_of, unsourced_of
from workbook.exhibits.upstream.needs import scored_needs
from workbook.language import N_, _, listed, number, percent, plural
from workbook.plan.model import Advantage, Attribute, ClaimUse, Targeting

__all__ = ["claims_and_proofs", "needs_coverage", "positioning_statement"]

UNSOURCED = N_("proof without a source: {count}")


def claims_and_proofs(case: Case) -> Exhibit:
    """Say of each attribute whether alternatives have it too, and whether it is proven."""
    attributes = case.plan.attributes
    if not attributes:
        return Exhibit(
            "claims_and_proofs", _(N_("List what you have, and this says which of it is yours alone.")), empty=True
        )
    rows = [
        {
            "attribute": a.label,
            "also_in": listed([case.plan.name_of(ref) for ref in a.also_in]) or _(N_("nobody")),
            "others": len(a.also_in),
            "proofs": len(proofs_of(a)),
            "unsourced": len(unsourced_of(a)),
            "verdict": _verdict(a),
        }
        for a in sorted(attributes, key=lambda a: len(a.also_in), reverse=True)
    ]
    ours = sum(1 for a in attributes if not a.also_in and proofs_of(a))
    finding = plural("One claim is ours alone and proven.", "{count} claims are ours alone and proven.", ours)
    if not ours:
        finding = _(N_("No claim is ours alone and proven yet."))
    shared = [a.label for a in attributes if a.also_in]
    if shared:
        finding += " " + _(N_("Others can say this too: {claims}."), claims=listed([f"“{claim}”" for claim in shared]))
    bare = [a.label for a in attributes if unsourced_of(a)]
    if bare:
        finding += " " + _(N_("A proof without a source: {claims}."), claims=listed([f"“{claim}”" for claim in bare]))
    return Exhibit(
        "claims_and_proofs",
        finding,
        pd.DataFrame(rows),
        (
            Column("attribute", _(N_("Attribute"))),
            Column("also_in", _(N_("Who has it too"))),
            Column("proofs", _(N_("Proofs with a source")), "number", 0),
            *((Column("unsourced", _(N_("Without a source")), "number", 0),) if bare else ()),
            Column("verdict", _(N_("What it is good for"))),
        ),
        tags=(*_tag("note", N_("others can say it too: {count}"), len(shared)), *_tag("stale", UNSOURCED, len(bare))),
        method=_(N_("Judgement of the team about the alternatives listed; a proof is a source others can check.")),
    )


def needs_coverage(case: Case) -> Exhibit:
    """Show which needs an advantage answers, weighted by how large an opportunity each need is."""
    scored = scored_needs(case).table
    if scored.empty or scored["opportunity"].sum() == 0:
        return Exhibit("needs_coverage", _(N_("Nothing to cover yet: rank the needs in step 2 first.")), empty=True)
    words = {
        "proven": _(N_("answered, with proof")),
        "claimed": _(N_("answered, no proof yet")),
        "open": _(N_("not answered")),
    }
    table = scored.assign(state=[_answer(case, id) for id in scored["id"]])
    table["answer"] = table["state"].map(words)
    table["by"] = [listed([a.label for a in _answering(case, id)]) for id in table["id"]]
    covered = table.loc[table["state"] == "proven", "opportunity"].sum() / table["opportunity"].sum()
    claimed = table.loc[table["state"] == "claimed", "opportunity"].sum() / table["opportunity"].sum()
    finding = _(N_("Proven advantages answer {share} of the opportunity in these needs."), share=percent(covered))
    if claimed:
        finding += " " + _(N_("Another {share} is answered on paper only."), share=percent(claimed))
    from workbook.exhibits.charts import coverage_bars

    return Exhibit(
        "needs_coverage",
        finding,
        table,
        (
            Column("need", _(N_("Need"))),
            Column("opportunity", _(N_("Opportunity")), "number", 1),
            Column("answer", _(N_("Answered?"))),
            Column("by", _(N_("By which advantage"))),
        ),
        coverage_bars(
            table,
            labels=words
            | {"opportunity": _(N_("Opportunity, 0 to 20")), "need": _(N_("Need")), "answer": _(N_("Answered?"))},
        ),
        method=_(
            N_(
                "Coverage = opportunity of needs with a proven answer / opportunity of all needs of the target segments."
            )
        ),
    )


def positioning_statement(case: Case) -> Exhibit:
    """Put the choices together as one statement, and say what it stands on."""
    chosen = case.plan.positioning
    missing = [
        title
        for title, value in (
            (_(N_("for whom")), chosen.segment),
            (_(N_("the product")), chosen.product),
            (_(N_("the category")), chosen.category),
            (_(N_("the main alternative")), chosen.alternative),
            (_(N_("the advantages")), chosen.advantages),
        )
        if not value
    ]
    if missing:
        return Exhibit(
            "positioning_statement",
            _(N_("The statement writes itself once you have chosen: {missing}."), missing=listed(missing)),
            empty=True,
        )
    advantages = [a for ref in chosen.advantages if isinstance(a := case.plan.item(ref), Advantage)]
    needs = list(dict.fromkeys(case.plan.name_of(ref) for a in advantages for ref in a.needs))
    statement = _(
        N_("For {segment}, {product} is the {category} that gives {advantages}, unlike {alternative}."),
        segment=case.plan.name_of(chosen.segment),
        product=chosen.product,
        category=chosen.category,
        advantages=listed([_inside(a.label) for a in advantages]),
        alternative=_inside(case.plan.name_of(chosen.alternative)),
    )
    facts = (
        (_(N_("Needs it answers")), tuple(needs)),
        (
            _(N_("Attributes it stands on")),
            tuple(dict.fromkeys(case.plan.name_of(a.attribute) for a in advantages if a.attribute)),
        ),
        (_(N_("Where the alternative falls short")), _falls_short(case)),
    )
    unproven = [a.label for a in advantages if not _proofs(case, a)]
    tags = (
        [Tag("assumed", _(N_("no proof yet: {names}"), names=listed(unproven)))]
        if unproven
        else [Tag("observed", _(N_("every advantage has a proof")))]
    )
    segment = case.plan.item(chosen.segment)
    if getattr(segment, "targeting", None) is not Targeting.TARGET:
        tags.append(Tag("stale", _(N_("this segment is not a target in step 1"))))
    return Exhibit("positioning_statement", statement, cards=(Card("", "", facts),), tags=tuple(tags))


def _inside(name: str) -> str:
    """Return ``name`` as it stands inside a sentence: a plain capitalised first word loses its capital."""
    first = name.split(" ")[0]
    return name[:1].lower() + name[1:] if len(first) == 1 or first[1:].islower() else name


def _falls_short(case: Case) -> tuple[str, ...]:
    text = getattr(case.plan.item(case.plan.positioning.alternative), "falls_short", "")
    return (text,) if text else ()


def _verdict(attribute: Attribute) -> str:
    if attribute.also_in or attribute.use is ClaimUse.PARITY:
        return _(N_("expected by customers, no reason to choose us"))
    if proofs_of(attribute):
        return _(N_("lead with it"))
    return _(N_("name the source before you say it")) if attribute.evidence else _(N_("prove it before you say it"))


def _tag(kind: TagKind, message: str, count: int) -> tuple[Tag, ...]:
    return (Tag(kind, _(message, count=number(count))),) if count else ()


def _answering(case: Case, need: str) -> list[Advantage]:
    return [advantage for advantage in case.plan.advantages if need in advantage.needs]


def _proofs(case: Case, advantage: Advantage) -> int:
    return len(proofs_of(case.plan.item(advantage.attribute)))


def _answer(case: Case, need: str) -> str:
    answering = _answering(case, need)
    if any(_proofs(case, advantage) for advantage in answering):
        return "proven"
    return "claimed" if answering else "open"
