"""The step pages as a person meets them: in a real browser, on a real server, with real kernels."""

import pytest
from barriers import barriers
from serving.step_pages import HOME, opened

from workbook.language import LANGUAGES
from workbook.steps import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.network]

WIDTHS = (390, 820, 1440)
LOCALES = {"en": "en-GB", "it": "it-IT"}
PLACES = [HOME, *(page.key for page in PAGES)]


def misfits(page, language):
    """Return what is wrong with the page as it stands: its language, its width."""
    wrong = []
    if page.locator("html").get_attribute("lang") != language:
        wrong.append(("language", language))
    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
        wrong.append(("wider than the window", page.viewport_size["width"]))
    return wrong


# Every pair of page, width, language and theme: a page is opened once in each language and taken through the widths, with
# the themes in turn. Axe, which takes longer than all the rest, sees a page at each width in one of the languages, and
# so in both languages and both themes.
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_each_page_is_drawn_clean_and_usable(watched_page, pages, place, language):
    turn = PLACES.index(place)
    page, log = opened(watched_page, pages, place, language, WIDTHS[0], locale=LOCALES[language])
    wrong = {}
    for i, width in enumerate(WIDTHS):
        theme = "dark" if (turn // 2 + i) % 2 else "light"
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # colours change at once
        page.wait_for_timeout(400)  # charts are laid out anew
        seen_by_axe = list(LANGUAGES)[(turn + i) % len(LANGUAGES)] == language
        if found := misfits(page, language) + (barriers(page) if seen_by_axe else []):
            wrong[width, theme] = found
    assert wrong == {}
    log.assert_clean()


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_each_page_opened_at_every_width_in_every_language_and_theme(watched_page, pages, place, language, width, dark):
    page, log = opened(watched_page, pages, place, language, width, dark=dark, locale=LOCALES[language])
    assert misfits(page, language) + barriers(page) == []
    log.assert_clean()
