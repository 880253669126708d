"""Step pages opened as a visitor opens them, for the tests that look at them and those that act on them."""

from barriers import barriers

from workbook.language import LANGUAGES
from workbook.steps import PAGES

DRAWN = ".wb-exhibit[data-drawn]"
LIVE = "html[data-live]"
HOME = "home"
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


def opened(watched_page, pages, step, language="en", width=1440, plan="adaptive-test", **options):
    page, log = watched_page(width, **options)
    page.goto(f"{pages.address}/?token={pages.token}")
    if step == HOME:
        page.goto(f"{pages.address}/?language={language}")
        return page, log
    page.goto(f"{pages.address}/voila/render/{step}.ipynb?plan={plan}&language={language}")
    live(page)
    return page, log


def live(page):
    """Wait until nothing on the page is a picture any more, and every chart is drawn."""
    page.wait_for_selector(LIVE, state="attached", timeout=60_000)
    page.wait_for_function(
        f"() => [...document.querySelectorAll('.wb-exhibit')].every((e) => e.matches('{DRAWN}'))", timeout=60_000
    )


# Every pair of page, width, language and theme: a page is opened once in each language and taken through the widths, with
# the themes in turn. Axe, which takes longer than all the rest, sees a page at each width in one of the languages, and
# so in both languages and both themes; whether texts stand out from their ground, once in each theme.
def check_place(watched_page, pages, place, language):
    """Open ``place`` in ``language`` and take it through the widths: drawn, clean, as wide as its window, no barriers."""
    turn = PLACES.index(place)
    page, log = opened(watched_page, pages, place, language, WIDTHS[0], locale=LOCALES[language])
    wrong, themes = {}, set()
    for i, width in enumerate(WIDTHS):
        theme = "dark" if (turn // 2 + i) % 2 else "light"
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # colours change at once
        page.wait_for_timeout(400)  # charts are laid out anew
        seen_by_axe = list(LANGUAGES)[(turn + i) % len(LANGUAGES)] == language
        found = misfits(page, language)
        if seen_by_axe:
            found += barriers(page, colours=theme not in themes)
            themes.add(theme)
        if found:
            wrong[width, theme] = found
    assert wrong == {}
    log.assert_clean()
