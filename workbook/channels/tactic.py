"""What is known of a tactic before anybody tries it: side, purpose, costs, time to effect, measures, pros and cons.

Names, purposes, pros and cons are judgement and are called that. Figures come from ``catalogue`` alone, with a source.
"""

from dataclasses import dataclass

from workbook.language import N_
from workbook.plan.model import Relation, Side

__all__ = ["COSTS", "MEASURES", "STAGES", "Tactic"]

COSTS = {
    "time": N_("working time"),
    "writing": N_("writing"),
    "events": N_("rooms and stands"),
    "design": N_("design"),
    "media": N_("media space"),
    "travel": N_("travel"),
    "commission": N_("commission"),
    "material": N_("material for partners"),
    "building": N_("building the pages"),
    "product": N_("the product itself"),
    "service": N_("help for users"),
    "panel": N_("respondents"),
    "platform": N_("a platform"),
    "fees": N_("fees"),
    "training": N_("training"),
    "shipping": N_("shipping"),
    "people": N_("staff"),
    "agency": N_("an agency"),
    "production": N_("production"),
    "print": N_("print"),
    "tool": N_("software"),
    "research": N_("research on each account"),
    "data": N_("addresses and data"),
    "discount": N_("the discount"),
    "administration": N_("administration"),
    "postage": N_("postage"),
    "rewards": N_("rewards"),
}
"""What drives the cost of a tactic."""

MEASURES = {
    "known": N_("brand awareness"),
    "mentions": N_("mentions"),
    "visits": N_("visits"),
    "contacts": N_("contacts with consent"),
    "leads": N_("leads"),
    "share-of-voice": N_("share of voice"),
    "price-paid": N_("price paid"),
    "meetings": N_("meetings"),
    "partner-leads": N_("leads from partners"),
    "share-of-sales": N_("share of sales"),
    "active-partners": N_("active partners"),
    "followers": N_("followers"),
    "engagement": N_("engagement rate"),
    "completed": N_("completed"),
    "trials": N_("trials begun"),
    "activation": N_("trials used"),
    "conversion": N_("conversion rate"),
    "answers": N_("answers"),
    "decisions": N_("decisions it changed"),
    "recommended": N_("customers who came by recommendation"),
    "invitations": N_("invitations per customer"),
    "nps": N_("net promoter score"),
    "active-members": N_("active members"),
    "renewal": N_("renewals"),
    "reach": N_("people reached"),
    "coded-sales": N_("sales with the code"),
    "shares": N_("posts shared"),
    "applications": N_("applications"),
    "read": N_("read to the end"),
    "used-by-sales": N_("used by sales"),
    "reviews": N_("reviews"),
    "rating": N_("mean rating"),
    "changes": N_("changes made"),
    "complaints": N_("complaints"),
    "users": N_("people who use it"),
    "participants": N_("participants"),
    "sales-lift": N_("sales above those without it"),
    "coupons-back": N_("coupons returned"),
    "calls": N_("calls"),
    "clicks": N_("click-through rate"),
    "cpl": N_("cost per lead"),
    "cac": N_("cost per new customer"),
    "rank": N_("place in the results"),
    "orders": N_("orders"),
    "unsubscribed": N_("unsubscribed"),
    "accounts-reached": N_("accounts reached"),
    "deal-size": N_("deal size"),
    "frequency": N_("contacts per person"),
    "win-rate": N_("win rate"),
    "reached": N_("people spoken to"),
    "interviews": N_("interviews"),
    "needs-found": N_("needs found"),
    "answer-time": N_("time to the first answer"),
    "solved": N_("solved at the first contact"),
    "redeemed": N_("redeemed"),
    "new-buyers": N_("new buyers among them"),
    "margin": N_("margin after it"),
    "claimed": N_("claimed"),
    "abandoned": N_("abandoned baskets"),
    "basket": N_("order value"),
    "samples": N_("samples given"),
    "repeat": N_("repeat purchases"),
    "cost-per-new": N_("cost per new customer"),
    "stored-up": N_("sales in the weeks after"),
}
"""By which figures a tactic is judged."""

STAGES = {
    "notice": N_("notice"),
    "compare": N_("compare"),
    "try": N_("try"),
    "buy": N_("buy"),
    "use": N_("use"),
    "recommend": N_("recommend"),
}
"""Stages of a customer's journey that it serves, in general words; a plan has its own."""


@dataclass(frozen=True)
class Tactic:
    """
    One way to reach people. Words are English messages of the catalogue of words, to be worded when shown.

    Parameters
    ----------
    id
        As channels of a plan name it.
    side, why
        Its default side, and why; the team may set another.
    relation
        Existing customers, new ones, or both.
    stages, costs, measures
        Keys of ``STAGES``, ``COSTS`` and ``MEASURES``.
    lag
        Months until the first effect is to be expected, from and to.
    test
        The cheapest way to find out whether it works here.
    own
        Added by the team, and not in the catalogue.
    """

    id: str
    name: str
    side: Side
    why: str
    purpose: str
    relation: Relation | None
    stages: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()
    lag: tuple[int, int] | None = None
    measures: tuple[str, ...] = ()
    pros: str = ""
    cons: str = ""
    test: str = ""
    own: bool = False
