"""Steps 3 and 4: whom customers compare us with, and why they should choose us."""

from collections.abc import Collection, Iterator

from workbook.language import N_, listed, percent
from workbook.plan.checks.points import Point, Rule, gap, missing
from workbook.plan.model import ClaimUse, Move, NeedKind, Plan, Segment, Targeting, Way
from workbook.plan.voice import unwanted_words

__all__ = ["FAULTS", "GAPS"]

COMMON = 2
"""Others who can say a thing, from which on it is no reason to choose us."""

SIZE_EVIDENCE = ("customers", "value", "served", "won")


def _competitors(plan: Plan) -> Iterator[Point]:
    if not plan.factors:
        yield gap("/factors", N_("name what buyers weigh when they compare."))
    if not plan.rivals:
        yield gap("/rivals", N_("name whom customers could choose instead."))
    for rival in plan.rivals:
        yield from _unscored(plan, f"/rivals/{rival.id}/scores", rival.scores)
        yield from missing(
            f"/rivals/{rival.id}",
            rival,
            {"price": N_("enter what a customer pays them a year; our price is seen beside it.")},
        )
    if plan.rivals:
        yield from _unscored(plan, "/standing/scores", plan.standing.scores)
    shares = [rival.share for rival in plan.rivals] + [plan.standing.share]
    total = sum(share or 0 for share in shares)
    if total > 1 + 1e-9:
        yield gap(
            "/standing/share",
            N_("our share of the market and the rivals' make {found} together; no market has more than 100 %."),
            found=percent(total),
        )


def _unscored(plan: Plan, path: str, scores: Collection[str]) -> Iterator[Point]:
    left = [factor.label for factor in plan.factors if factor.id not in scores]
    if left:
        yield gap(path, N_("not scored yet: {factors}."), factors=listed(left))


def _sizes(plan: Plan) -> Iterator[Point]:
    ways = {size.way for size in plan.sizes}
    if not ways:
        yield gap("/sizes", N_("count the market: how much there is, how much we can serve, how much we can win."))
    elif len(ways) == 1:
        other = Way.BOTTOM_UP if ways == {Way.TOP_DOWN} else Way.TOP_DOWN
        yield gap(
            "/sizes", N_("count from the other end too ({way}); two counts keep each other honest."), way=other.value
        )
    for size in plan.sizes:
        path = f"/sizes/{size.id}"
        for name in SIZE_EVIDENCE:
            if getattr(size, name) is None:
                yield gap(f"{path}/{name}", N_("this figure is missing, so the market cannot be worked out."))
            elif not getattr(size, f"{name}_evidence"):
                yield gap(f"{path}/{name}_evidence", N_("say how you know; without a source it is an opinion."))


def _actions(plan: Plan) -> Iterator[Point]:
    for action in plan.actions:
        path = f"/actions/{action.id}"
        yield from missing(path, action, {"move": N_("eliminate, reduce, raise or create: choose one.")})
        if action.factor is None and action.move is not Move.CREATE:
            yield gap(f"{path}/factor", N_("name the factor it changes."))


def _positioning(plan: Plan) -> Iterator[Point]:
    if not plan.alternatives:
        yield gap("/alternatives", N_("say what customers would do without us; an advantage is one over something."))
    if not plan.advantages:
        yield gap("/advantages", N_("say what our attributes are worth, and to whom."))
    for advantage in plan.advantages:
        yield from missing(
            f"/advantages/{advantage.id}",
            advantage,
            {
                "attribute": N_("name the attribute it comes from; value without a cause is a promise."),
                "needs": N_("name the need it answers; nobody pays for the others."),
            },
        )
        attribute = plan.item(advantage.attribute)
        if attribute is not None and not getattr(attribute, "evidence", ()):
            yield gap(
                f"/attributes/{attribute.id}/evidence",
                N_("add a proof: “{advantage}” stands on it."),
                advantage=advantage.label,
            )
    for reliever in plan.relievers:
        yield from missing(
            f"/relievers/{reliever.id}",
            reliever,
            {
                "needs": N_("name the pain it relieves, or the gain it creates."),
                "attribute": N_("name the attribute that does it."),
            },
        )
    yield from missing(
        "/positioning",
        plan.positioning,
        {
            "segment": N_("choose for whom."),
            "category": N_("name the category: the frame in which customers compare."),
            "product": N_("name the product as the statement should call it."),
            "alternative": N_("choose the main alternative: instead of what?"),
            "advantages": N_("choose the advantages to lead with."),
        },
    )


def _claims(plan: Plan) -> Iterator[Point]:
    """What others can say too, and what is called a difference or led with all the same."""
    led = {str(ref) for ref in plan.positioning.advantages}
    leading = {str(a.attribute): a for a in plan.advantages if a.id in led}
    for attribute in plan.attributes:
        path, others = f"/attributes/{attribute.id}", [plan.name_of(ref) for ref in attribute.also_in]
        shared = len(others) >= COMMON or attribute.use is ClaimUse.PARITY
        if len(others) >= COMMON and attribute.use is not ClaimUse.PARITY:
            yield gap(
                f"{path}/also_in",
                N_("{others} can say “{attribute}” too: no reason to choose us. Lead with another, or call it parity."),
                others=listed([f"“{name}”" for name in others]),
                attribute=attribute.label,
            )
        elif others and attribute.use is ClaimUse.DIFFERENCE:
            yield gap(
                f"{path}/use",
                N_("it is called a difference, but “{other}” has it too. Say what is different about ours."),
                other=others[0],
            )
        if shared and attribute.id in leading:
            yield gap(
                "/positioning/advantages",
                N_("“{advantage}” stands on “{attribute}”, which others have too. Lead with what is ours alone."),
                advantage=leading[attribute.id].label,
                attribute=attribute.label,
            )


def _fit(plan: Plan) -> Iterator[Point]:
    """A pain or a wish of the people we serve that nothing we have does anything about."""
    if not plan.relievers:
        return
    met = {str(ref) for reliever in plan.relievers for ref in reliever.needs}
    for need in plan.needs:
        segment = plan.item(need.segment)
        served = not isinstance(segment, Segment) or segment.targeting is Targeting.TARGET
        if served and need.kind is not NeedKind.JOB and need.id not in met:
            yield gap(
                "/relievers",
                N_("nothing relieves “{need}” yet. Name what does, or say in step 2 that it does not matter.")
                if need.kind is NeedKind.PAIN
                else N_("nothing brings about “{need}” yet. Name what does, or say in step 2 that it does not matter."),
                need=need.label,
            )


def _brand(plan: Plan) -> Iterator[Point]:
    yield from missing(
        "/brand",
        plan.brand,
        {
            "identity": N_("say what the brand stands for; campaigns are checked against it."),
            "tone": N_("say how we speak; whoever writes a message needs it."),
        },
    )
    yield from missing(
        "/message_house",
        plan.message_house,
        {
            "roof": N_("write the one message everybody should remember."),
            "pillars": N_("add the two or three messages that carry it."),
        },
    )
    for pillar in plan.message_house.pillars:
        yield from missing(
            f"/message_house/pillars/{pillar.id}",
            pillar,
            {
                "advantage": N_("name the advantage it stands on; a pillar without one carries nothing."),
                "proof": N_("say the proof as customers should hear it."),
            },
        )
    for found in unwanted_words(plan):
        yield gap(found.path, N_("“{phrase}” is among the words this brand does not use."), phrase=found.phrase)


FAULTS: tuple[Rule, ...] = ()
GAPS: tuple[Rule, ...] = (_competitors, _sizes, _actions, _positioning, _claims, _fit, _brand)
