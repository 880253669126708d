"""The step pages in Italian: as in `test_step_pages`, beside which another worker runs this file."""

import pytest
from serving.step_pages import PLACES, check_place

pytestmark = [pytest.mark.browser, pytest.mark.network]


@pytest.mark.parametrize("place", PLACES)
def test_each_page_is_drawn_clean_and_usable_in_italian(watched_page, pages, place):
    check_place(watched_page, pages, place, "it")
