"""What keeps somebody from using a page, as axe finds it: the findings it calls serious or critical."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("serious", "critical")


def barriers(page: Page, context: str | None = None, *, colours: bool = True) -> list[tuple[str, str]]:
    """
    Return each grave finding and the beginning of the first element it is about, in ``context`` or the whole page.

    ``colours`` False leaves out the contrast of every text, which takes two thirds of the time.
    """
    options = {"resultTypes": ["violations"], "preload": False, "rules": {"color-contrast": {"enabled": colours}}}
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in GRAVE]
