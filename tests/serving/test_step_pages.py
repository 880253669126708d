"""The step pages as a person meets them: in a real browser, on a real server, with real kernels."""

import pytest
from barriers import barriers
from serving.step_pages import LOCALES, PLACES, WIDTHS, check_place, misfits, opened

from workbook.language import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.network]


# In English here; in Italian in a file of its own, since each file of tests is run by one worker.
@pytest.mark.parametrize("place", PLACES)
def test_each_page_is_drawn_clean_and_usable(watched_page, pages, place):
    check_place(watched_page, pages, place, "en")


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_each_page_opened_at_every_width_in_every_language_and_theme(watched_page, pages, place, language, width, dark):
    page, log = opened(watched_page, pages, place, language, width, dark=dark, locale=LOCALES[language])
    assert misfits(page, language) + barriers(page) == []
    log.assert_clean()
