"""How many customers and leads does the agreement with sales ask for, and how many leads can sales follow up?

customers = revenue goal x marketing's share / deal size; leads = customers / close rate; a lead takes attempts x minutes
of somebody's time.
"""

from workbook.plan.model import Plan

__all__ = ["capacity", "customers_asked", "followed_up", "leads_asked"]


def customers_asked(plan: Plan) -> float | None:
    """Return the customers that marketing's share of the goal asks for; None while goal or deal size is missing or 0."""
    agreed = plan.handover
    goal = agreed.revenue_goal if agreed.revenue_goal is not None else plan.charter.revenue_target
    if not goal or not agreed.deal_size:
        return None
    return goal * (1.0 if agreed.marketing_share is None else agreed.marketing_share) / agreed.deal_size


def leads_asked(plan: Plan) -> float | None:
    """Return the leads of the whole period that bring those customers; None while a figure is missing or 0."""
    customers = customers_asked(plan)
    return customers / plan.handover.close_rate if customers is not None and plan.handover.close_rate else None


def followed_up(reps: float, hours: float, attempts: float, minutes: float) -> float:
    """Return the leads a month that ``reps`` people with ``hours`` a month each can follow up; attempts and minutes > 0."""
    return reps * hours * 60 / (attempts * minutes)


def capacity(plan: Plan) -> float | None:
    """Return the leads a month that the plan's sales people can follow up; None while a figure is missing or 0."""
    agreed = plan.handover
    if agreed.reps is None or agreed.hours is None or not agreed.minutes:
        return None
    return followed_up(agreed.reps, agreed.hours, agreed.attempts, agreed.minutes)
