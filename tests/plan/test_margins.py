"""Break-even and the margin floor, by hand and at the edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import PlanError
from workbook.plan.margins import break_even_units, margin_floor
from workbook.plan.model import Offer


def test_ninety_thousand_at_eighteen_hundred_a_unit_pays_from_fifty():
    assert break_even_units(90_000, 2_400, 600) == 50


@given(st.floats(0, 1e6), st.floats(0, 1e4), st.floats(0.01, 1e4))
def test_at_break_even_nothing_is_won_or_lost(fixed, cost, margin):
    units = break_even_units(fixed, cost + margin, cost)
    assert units * ((cost + margin) - cost) == pytest.approx(fixed, rel=1e-6, abs=1e-6)


def test_a_price_under_its_cost_pays_at_no_number():
    with pytest.raises(PlanError):
        break_even_units(1, 600, 600)


def test_the_floor_keeps_the_required_margin():
    floor = margin_floor(Offer(id="o", unit_cost=600, required_margin=0.6))
    assert floor == pytest.approx(1500)
    assert (floor - 600) / floor == pytest.approx(0.6)
    assert margin_floor(Offer(id="o", unit_cost=600, required_margin=1)) is None
    assert margin_floor(Offer(id="o", unit_cost=600)) is None
