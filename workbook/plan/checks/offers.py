"""Steps 5 to 7: what is sold at which price, what is built when, and how much goes upstream."""

from collections.abc import Iterator

from workbook.language import N_, date_words, listed, percent, with_cents
from workbook.plan.checks.points import Point, Rule, fault, gap, missing
from workbook.plan.margins import margin_floor
from workbook.plan.model import Idea, Offer, Plan, PriceModel, Release, Status, Trial, TrialCase

__all__ = ["FAULTS", "GAPS"]

PRICED = (PriceModel.TIER, PriceModel.ADD_ON)


def _impossible_margin(plan: Plan) -> Iterator[Point]:
    for offer in plan.offers:
        if offer.required_margin is not None and offer.required_margin >= 1:
            yield fault(
                f"/offers/{offer.id}/required_margin",
                N_("no price of “{offer}” leaves a margin of {found}. Enter less than 100 %."),
                offer=offer.label,
                found=percent(offer.required_margin),
            )


def _offers(plan: Plan) -> Iterator[Point]:
    if not plan.offers:
        yield gap("/offers", N_("name the solution to each challenge, and what it costs the customer."))
    for offer in plan.offers:
        path = f"/offers/{offer.id}"
        yield from missing(
            path,
            offer,
            {
                "needs": N_("name the challenge it solves; nobody pays for the others."),
                "segments": N_("name the segments it is for."),
                "model": N_("choose how they pay: tier, add-on, bundled or free."),
                "unit_cost": N_("enter what one more customer costs us; the margin floor starts from it."),
                "distribution": N_("say how it is sold and distributed."),
                "reason": N_("say why this price and package; somebody will ask."),
            },
        )
        if offer.model in PRICED:
            yield from missing(
                path,
                offer,
                {
                    "price": N_("enter the price; without it no break-even and no floor can be checked."),
                    "required_margin": N_("enter the margin you need; it sets the floor for every discount."),
                },
            )
        if offer.model is PriceModel.ADD_ON:
            yield from missing(
                path, offer, {"uptake": N_("say how many take it; it counts in what a customer is worth.")}
            )
        if offer.trial is not Trial.NONE and offer.trial_days is None:
            yield gap(f"{path}/trial_days", N_("say how long the trial lasts."))
        yield from _price(offer, path, plan.charter.currency)
        yield from _options(offer, path)


def _options(offer: Offer, path: str) -> Iterator[Point]:
    for option in offer.options:
        here = f"{path}/options/{option.id}"
        yield from missing(here, option, {"model": N_("choose how they pay: tier, add-on, bundled or free.")})
        if option.model in PRICED:
            yield from missing(
                here,
                option,
                {
                    "price": N_("enter the price of this way, so that it can be compared."),
                    "uptake": N_("say how many would take it at that price."),
                },
            )


def _packages(plan: Plan) -> Iterator[Point]:
    if not plan.packages:
        if any(study.analysis == "choice" for study in plan.studies):
            yield gap(
                "/packages", N_("describe your package and a rival's as in the choice tasks: who would take which?")
            )
        return
    if not any(package.offer for package in plan.packages):
        yield gap("/packages", N_("say which package is yours, and which offer it is."))
    if not any(package.rival for package in plan.packages):
        yield gap("/packages", N_("add what a rival sells; a share is a share against somebody."))
    for package in plan.packages:
        path = f"/packages/{package.id}"
        if package.offer is None and package.rival is None:
            yield gap(f"{path}/offer", N_("say whose it is: name an offer of ours or a rival."))
        if package.offer is None and package.price is None:
            yield gap(f"{path}/price", N_("enter its price, in the unit of the choice tasks."))
        if wrong := [line for line in package.levels if "=" not in line]:
            yield gap(f"{path}/levels", N_("“{found}” is no level. Write it as column = level."), found=wrong[0][:60])


def _trials(plan: Plan) -> Iterator[Point]:
    tried = {trial.offer for trial in plan.trials}
    for offer in plan.offers:
        if offer.trial is not Trial.NONE and offer.id not in tried:
            yield gap(
                "/trials",
                N_("say what you expect of the trial of “{offer}”: who starts, who stays."),
                offer=offer.label,
            )
    for trial in plan.trials:
        yield from _trial(trial)


def _trial(trial: TrialCase) -> Iterator[Point]:
    path = f"/trials/{trial.id}"
    yield from missing(
        path,
        trial,
        {
            "offer": N_("name the offer they try."),
            "visitors": N_("say how many see it a month."),
            "starts": N_("say how many of them start: your own estimate, no published rate."),
            "converts": N_("say how many of those go on as paying customers."),
        },
    )
    if trial.kind is Trial.NONE:
        yield gap(f"{path}/kind", N_("choose opt-in or opt-out."))
    elif trial.kind is Trial.OPT_OUT and trial.stays is None:
        yield gap(
            f"{path}/stays", N_("say how many are still there after the first bill: opt-out also keeps the forgetful.")
        )


def _price(offer: Offer, path: str, currency: str) -> Iterator[Point]:
    price, floor = offer.price, margin_floor(offer)
    if price is None or offer.model not in PRICED:
        return
    if offer.unit_cost is not None and price <= offer.unit_cost:
        yield gap(
            f"{path}/price",
            N_(
                "“{offer}” costs us {cost} and sells for {price}: each sale loses money. Raise the price or lower the cost."
            ),
            offer=offer.label,
            cost=with_cents(offer.unit_cost, currency),
            price=with_cents(price, currency),
        )
    elif floor is not None and price < floor:
        yield gap(
            f"{path}/price",
            N_("{price} for “{offer}” is under the margin floor of {floor}. Raise the price, or accept less margin."),
            offer=offer.label,
            price=with_cents(price, currency),
            floor=with_cents(floor, currency),
        )


def _cycles(plan: Plan) -> Iterator[Point]:
    """Name each circle of releases that wait for one another, once."""
    waits = {release.id: [str(id) for id in release.depends_on] for release in plan.releases}
    done: set[str] = set()
    for start in waits:
        circle = _circle(start, waits, done)
        if circle:
            yield fault(
                f"/releases/{circle[0]}/depends_on",
                N_("these wait for one another: {releases}. Take one of them out of the circle."),
                releases=listed([plan.name_of(id) for id in circle]),
            )


def _circle(start: str, waits: dict[str, list[str]], done: set[str]) -> list[str]:
    """Return a circle that can be reached from ``start`` and was not met before, in the order of waiting."""
    path: list[str] = []
    todo = [(start, 0)]
    while todo:
        id, depth = todo.pop()
        del path[depth:]
        if id in path:
            return path[path.index(id) :]
        if id in done or id not in waits:
            continue
        done.add(id)
        path.append(id)
        todo += [(next, depth + 1) for next in waits[id]]
    return []


def _before_its_ground(plan: Plan) -> Iterator[Point]:
    for release in plan.releases:
        for ref in release.depends_on:
            ground = plan.item(ref)
            if isinstance(ground, Release) and release.date and ground.date and release.date < ground.date:
                yield fault(
                    f"/releases/{release.id}/date",
                    N_(
                        "“{release}” is dated {found}, before “{ground}” on {date}, which it stands on. Move one of the two."
                    ),
                    release=release.label,
                    found=date_words(release.date),
                    ground=ground.label,
                    date=date_words(ground.date),
                )


def _roadmap(plan: Plan) -> Iterator[Point]:
    yield from missing("/innovation", plan.innovation, {"direction": N_("say where the product is going.")})
    for idea in plan.ideas:
        yield from _idea(idea)
    if not plan.releases:
        yield gap("/releases", N_("say what customers get when; campaigns and notices are dated by it."))
    for release in plan.releases:
        path = f"/releases/{release.id}"
        yield from missing(
            path,
            release,
            {
                "segments": N_("name the segments it is for."),
                "needs": N_("name the problem it solves."),
                "date": N_("date it; campaigns and notices wait for that."),
            },
        )
        for ref in release.depends_on:
            ground = plan.item(ref)
            if isinstance(ground, Release) and release.date and not ground.date and ground.status is not Status.STOPPED:
                yield gap(
                    f"{path}/date",
                    N_("“{release}” has a date, “{ground}”, which it stands on, has none. Date that one first."),
                    release=release.label,
                    ground=ground.label,
                )
            if isinstance(ground, Release) and ground.status is Status.STOPPED:
                yield gap(
                    f"{path}/depends_on",
                    N_("“{release}” stands on “{ground}”, which was stopped. Do without it, or take it up again."),
                    release=release.label,
                    ground=ground.label,
                )


def _idea(idea: Idea) -> Iterator[Point]:
    path = f"/ideas/{idea.id}"
    yield from missing(path, idea, {"needs": N_("name the need it answers; nobody pays for the others.")})
    if None in (idea.reach, idea.impact, idea.confidence, idea.effort):
        yield gap(f"{path}/reach", N_("judge reach, impact, confidence and effort, and it takes its rank."))
    elif not idea.effort:
        yield gap(f"{path}/effort", N_("nothing is built without effort: enter person-months over 0."))


def _rule(plan: Plan) -> Iterator[Point]:
    rule = plan.balance.rule
    if rule.least > rule.most:
        yield fault(
            "/balance/rule",
            N_("at least {least} and at most {most} exclude each other. Lower the one or raise the other."),
            least=percent(rule.least),
            most=percent(rule.most),
        )


def _balance(plan: Plan) -> Iterator[Point]:
    if not any(score is not None for score in plan.balance.needs.model_dump().values()):
        yield gap("/balance/needs", N_("score what the business needs now; the split follows from it."))
    yield from missing(
        "/balance",
        plan.balance,
        {
            "existing_share": N_("say how much is for existing customers, so that nobody is forgotten."),
            "team_size": N_("count the people: a small team plans differently."),
            "runway": N_("say how many months the money lasts: it limits what may take time."),
            "upstream_share": N_("decide how much goes upstream, with the recommendation beside it."),
        },
    )


FAULTS: tuple[Rule, ...] = (_impossible_margin, _cycles, _before_its_ground, _rule)
GAPS: tuple[Rule, ...] = (_offers, _packages, _trials, _roadmap, _balance)
