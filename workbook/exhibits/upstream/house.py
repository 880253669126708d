"""Step 4 in exhibits, how it is said: the message house with the proofs behind each pillar, the brand and its tone."""

import pandas as pd

from workbook.exhibits.case import Case
from workbook.exhibits.exhibit import Card, Column, Exhibit, Tag
from workbook.exhibits.proofs import proofs_of
from workbook.exhibits.upstream.positioning import positioning_statement
from workbook.language import N_, _, listed, number, plural
from workbook.plan.model import Advantage, AdvantageState, Evidence, Pillar
from workbook.plan.voice import avoided, texts_for_customers, unwanted_words

__all__ = ["brand_voice", "message_house"]


def message_house(case: Case) -> Exhibit:
    """Draw the house: the main message as its roof, a pillar for each advantage with its proofs, the ground and the tone."""
    house = case.plan.message_house
    if not house.roof and not house.pillars:
        return Exhibit(
            "message_house",
            _(
                N_(
                    "Write the one message everybody should remember and two or three that carry it: the house stands here."
                )
            ),
            empty=True,
        )
    table = pd.DataFrame([_row(case, pillar) for pillar in house.pillars])
    columns = (
        Column("message", _(N_("Message"))),
        Column("advantage", _(N_("Advantage it stands on"))),
        Column("said", _(N_("Proof as we say it"))),
        Column("proofs", _(N_("Proofs with a source")), "number", 0),
        Column("verdict", _(N_("Verdict"))),
    )
    return Exhibit(
        "message_house",
        _house_finding(case, table),
        table if len(table) else None,
        columns if len(table) else (),
        cards=(_roof(case), *(_pillar(case, pillar, i) for i, pillar in enumerate(house.pillars, 1)), *_ground(case)),
        method=_(
            N_(
                "The roof is what everybody should remember, a pillar stands on one advantage, and a proof counts when its "
                "source is named."
            )
        ),
    )


def brand_voice(case: Case) -> Exhibit:
    """Show who the brand is when it speaks, and where the plan says what the brand does not say."""
    brand = case.plan.brand
    facts = (
        (_(N_("Identity")), (brand.identity,) if brand.identity else ()),
        (_(N_("Values")), tuple(brand.values)),
        (_(N_("Look")), (brand.look,) if brand.look else ()),
    )
    voice = (
        (_(N_("Tone of voice")), (brand.tone,) if brand.tone else ()),
        (_(N_("We say")), tuple(brand.does)),
        (_(N_("We do not say")), tuple(brand.avoids)),
    )
    if not any(lines for _label, lines in (*facts, *voice)):
        return Exhibit(
            "brand_voice",
            _(N_("Say what the brand stands for and how it speaks: every message is held to it.")),
            empty=True,
        )
    found = unwanted_words(case.plan)
    table = pd.DataFrame([{"phrase": one.phrase, "text": one.text} for one in found])
    return Exhibit(
        "brand_voice",
        _voice_finding(case, len(found)),
        table if found else None,
        (Column("phrase", _(N_("Word to avoid"))), Column("text", _(N_("Where it stands")))) if found else (),
        cards=(Card(_(N_("Who we are")), "", facts), Card(_(N_("How we speak")), "", voice)),
        method=_(
            N_(
                "Looked for in the message house, the words of the statement and the messages; a longer word in its other "
                "forms too. What a text says between the lines no search can see."
            )
        )
        if avoided(case.plan)
        else "",
    )


def _row(case: Case, pillar: Pillar) -> dict[str, object]:
    return {
        "message": pillar.label,
        "advantage": case.plan.name_of(pillar.advantage) or "–",
        "said": pillar.proof or "–",
        "proofs": len(_proofs(case, pillar)),
        "verdict": _verdict(case, pillar),
    }


def _proofs(case: Case, pillar: Pillar) -> tuple[Evidence, ...]:
    """Return the proofs of the attribute from which the pillar's advantage comes."""
    advantage = case.plan.item(pillar.advantage)
    return proofs_of(case.plan.item(advantage.attribute)) if isinstance(advantage, Advantage) else ()


def _verdict(case: Case, pillar: Pillar) -> str:
    advantage = case.plan.item(pillar.advantage)
    if not isinstance(advantage, Advantage):
        return _(N_("stands on no advantage"))
    if advantage.state is AdvantageState.DROPPED:
        return _(N_("stands on an advantage we dropped"))
    return _(N_("carries")) if _proofs(case, pillar) else _(N_("no proof with a source yet"))


def _roof(case: Case) -> Card:
    house = case.plan.message_house
    statement = positioning_statement(case)
    facts = ((_(N_("Positioning statement")), () if statement.empty else (statement.finding,)),)
    return Card(house.roof or _(N_("No main message yet")), _(N_("Main message")), facts, wide=True)


def _pillar(case: Case, pillar: Pillar, place: int) -> Card:
    advantage, proofs = case.plan.item(pillar.advantage), _proofs(case, pillar)
    needs = advantage.needs if isinstance(advantage, Advantage) else ()
    facts = (
        (_(N_("Advantage it stands on")), (advantage.label,) if advantage else ()),
        (_(N_("Needs it answers")), tuple(case.plan.name_of(ref) for ref in needs)),
        (_(N_("Proof as we say it")), (pillar.proof,) if pillar.proof else ()),
        (_(N_("Proofs behind it")), tuple(_proof_line(case, proof) for proof in proofs)),
    )
    tag = Tag("observed", _(N_("proven"))) if proofs else Tag("assumed", _verdict(case, pillar))
    return Card(pillar.label, _(N_("Pillar {number}"), number=number(place)), facts, (tag,))


def _proof_line(case: Case, proof: Evidence) -> str:
    source = proof.source or case.plan.name_of(proof.finding)
    return _(N_("{proof} ({source}; grade {grade})"), proof=proof.label, source=source, grade=proof.grade.value)


def _ground(case: Case) -> tuple[Card, ...]:
    house, brand = case.plan.message_house, case.plan.brand
    facts = (
        (_(N_("Facts that hold for every pillar")), (house.foundation,) if house.foundation else ()),
        (_(N_("Tone of voice")), (brand.tone,) if brand.tone else ()),
    )
    if not any(lines for _label, lines in facts):
        return ()
    return (Card(_(N_("Ground it stands on")), "", facts, wide=True),)


def _house_finding(case: Case, table: pd.DataFrame) -> str:
    house = case.plan.message_house
    if table.empty:
        return _(N_("“{roof}” has no pillar yet: name the two or three messages that carry it."), roof=house.roof)
    proven = int((table["proofs"] > 0).sum())
    pillars = plural(
        "{count} pillar, {proven} proven.",
        "{count} pillars, {proven} of them proven.",
        len(table),
        proven=number(proven),
    )
    bare = list(table.loc[table["proofs"] == 0, "message"])
    finding = _(N_("“{roof}” stands on {pillars}"), roof=house.roof, pillars=pillars) if house.roof else pillars
    return finding + (
        " " + _(N_("Still to prove: {messages}."), messages=listed([f"“{message}”" for message in bare]))
        if bare
        else ""
    )


def _voice_finding(case: Case, found: int) -> str:
    if not avoided(case.plan):
        return _(N_("What the brand does not say is still open: name the words that others use and you do not."))
    if not found:
        read = sum(bool(text) for _path, text in texts_for_customers(case.plan))
        return plural(
            "No text of {count} uses a word this brand avoids.",
            "None of {count} texts uses a word this brand avoids.",
            read,
        )
    return plural(
        "One text uses a word this brand avoids.", "{count} times a text uses a word this brand avoids.", found
    )
