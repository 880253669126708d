"""What a plan still lacks, and what in it does not fit together.

A *fault* cannot stand: a reference to nothing, one id used twice, limits that exclude each other. A *gap* is advice: the
plan can be saved and used, and says what would make it better. Shapes and ranges are the model's own business. The rules
stand in one module for each stretch of the way.
"""

from workbook.language import current
from workbook.plan.checks import audience, campaigns, handover, links, mix, offers, positioning
from workbook.plan.checks.links import references
from workbook.plan.checks.points import Point
from workbook.plan.margins import margin_floor
from workbook.plan.model import Plan

__all__ = ["Point", "broken_links", "check", "faults_in", "margin_floor", "references"]

STRETCHES = (links, audience, positioning, offers, mix, campaigns, handover)


def check(plan: Plan) -> list[Point]:
    """Return the plan's faults, then its gaps, each upstream first."""
    # Worked out once: a page asks for every form, every exhibit and the head, at each key. A plan is frozen, and its
    # model keeps its index in the same way; names in a point may be worded, so by language.
    known = plan.__dict__.setdefault("_checked", {})
    if current() not in known:
        gaps = [point for stretch in STRETCHES for rule in stretch.GAPS for point in rule(plan)]
        known[current()] = faults_in(plan) + gaps
    return list(known[current()])


def broken_links(plan: Plan) -> list[Point]:
    """Return references to nothing and ids used twice: what makes a file no plan. Other faults can be mended in a form."""
    return [point for rule in links.FAULTS for point in rule(plan)]


def faults_in(plan: Plan) -> list[Point]:
    """Return what cannot stand."""
    return [point for stretch in STRETCHES for rule in stretch.FAULTS for point in rule(plan)]
