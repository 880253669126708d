"""What should an indicator's target be, when it is no judgement but follows from the plan?

What the revenue goal asks for: customers = revenue goal x marketing's share / deal size, leads = customers / close rate.
What the split of the budget can bring: its customers, and these / close rate as leads. And the most that winning a customer
may cost: mean worth of the target segments / target ratio. Sums are spread over the months as the agreement says.
"""

import numpy as np

from workbook.plan.model import Following, Grade, Plan, Targeting
from workbook.plan.quota import customers_asked, leads_asked
from workbook.plan.worth import cost_limit, cost_limit_fields, segment_worth_fields

__all__ = ["basis_of", "figure_of", "grade_of_basis", "monthly_targets"]

ASKED = ("/handover/revenue_goal", "/charter/revenue_target", "/handover/marketing_share", "/handover/deal_size")
SPREAD = ("/charter/period", "/handover/spread")


def figure_of(plan: Plan, follows: Following, *, brings: float | None) -> float | None:
    """
    Return the target of the whole period, or the limit in each month; None while something is missing for it.

    ``brings`` are the customers that the split of the budget can bring, None where there is no split.
    """
    match follows:
        case Following.LEADS_ASKED:
            return leads_asked(plan)
        case Following.CUSTOMERS_ASKED:
            return customers_asked(plan)
        case Following.REVENUE_ASKED:
            customers = customers_asked(plan)
            return None if customers is None else customers * (plan.handover.deal_size or 0.0)
        case Following.COST_LIMIT:
            return cost_limit(plan)
        case Following.CUSTOMERS_OF_SPLIT:
            return brings
        case Following.LEADS_OF_SPLIT:
            return brings / plan.handover.close_rate if brings is not None and plan.handover.close_rate else None


def monthly_targets(figure: float, follows: Following, shares: np.ndarray) -> np.ndarray:
    """
    Return the target of each month of the period, shape (months,), from that of the whole.

    ``shares`` says what part of the period falls into each month (see ``handover.month_shares``); a limit holds in each.
    """
    return np.full(len(shares), figure) if follows is Following.COST_LIMIT else figure * shares


def basis_of(plan: Plan, follows: Following) -> tuple[str, ...]:
    """Return the paths of the fields and items that such a target is worked out from."""
    match follows:
        case Following.COST_LIMIT:
            return cost_limit_fields(plan)
        case Following.LEADS_ASKED:
            return (*ASKED, "/handover/close_rate", *SPREAD)
        case Following.CUSTOMERS_ASKED | Following.REVENUE_ASKED:
            return (*ASKED, *SPREAD)
    channels = dict.fromkeys(f"/channels/{curve.channel}" for curve in plan.curves if curve.channel)
    curves = [f"/curves/{curve.id}" for curve in plan.curves]
    worth = segment_worth_fields(plan, [one for one in plan.segments if one.targeting is not Targeting.EXCLUDED])
    close = ["/handover/close_rate"] if follows is Following.LEADS_OF_SPLIT else []
    return ("/budget", "/balance", *channels, *curves, *worth, *close, *SPREAD)


def grade_of_basis(plan: Plan, paths: tuple[str, ...]) -> Grade:
    """
    Return the worst grade of the facts that a figure was worked out from; what was decided is no evidence, good or bad.

    A field has the grade of the finding that filled it, else the worst of the evidence on its item, else it is judgement.
    """
    filled = {path: finding.grade for finding in plan.findings for path in finding.fills}
    return max((_grade(plan, path, filled) for path in paths if _is_fact(plan, path)), default=Grade.D)


FACTS = ("contract_value", "margin", "churn", "price", "uptake", "unit_cost", "deal_size", "close_rate")
"""Fields that say what is so; goals, shares and ratios say what somebody wants."""


def _is_fact(plan: Plan, path: str) -> bool:
    section, *rest = path.strip("/").split("/")
    part = plan.item(rest[0]) if len(rest) > 1 else getattr(plan, section)
    return section == "curves" or (bool(rest) and rest[-1] in FACTS and getattr(part, rest[-1], None) is not None)


def _grade(plan: Plan, path: str, filled: dict[str, Grade]) -> Grade:
    item = plan.item(path.split("/")[2])
    return (
        filled[path] if path in filled else max((one.grade for one in getattr(item, "evidence", ())), default=Grade.D)
    )
