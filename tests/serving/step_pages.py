"""Step pages opened as a visitor opens them, for the tests that look at them and those that act on them."""

DRAWN = ".wb-exhibit[data-drawn]"
LIVE = "html[data-live]"
HOME = "home"


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
