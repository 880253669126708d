"""The page that finds a report among hundreds: ``index.html``, which asks nobody for anything.

It lists what the manifest holds, newest first, and narrows the list by plan, scenario, segment, language, state, day and words.
Without scripts the whole list is there. There is one page a language, each with a link to the others; ``index.html`` is
in the first language asked for.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

from workbook.exhibits.theme import tokens_css
from workbook.exhibits.vega import script_safe
from workbook.language import LANGUAGES, N_, _, date_words, plural, speaking
from workbook.reports.manifest import Entry, Manifest
from workbook.reports.places import Place

__all__ = ["INDEX", "index_page", "write_index"]

INDEX = "index.html"

STATES = {"done": N_("written"), "failed": N_("failed")}

FILTERS = {
    "plan": N_("Plan"),
    "scenario": N_("Scenario"),
    "segment": N_("Segment"),
    "language": N_("Language"),
    "state": N_("State"),
}

UNSEEN = {"ipynb"}
"""Files that are for the machine, and not offered to readers."""


def write_index(manifest: Manifest, place: Place, languages: Sequence[str]) -> None:
    """Write the list of all reports in ``manifest`` to ``place``, once in each of ``languages``."""
    names = {language: INDEX if i == 0 else f"index.{language}.html" for i, language in enumerate(languages)}
    for language, name in names.items():
        with speaking(language):
            page = index_page(manifest.entries.values(), language, names)
        place.write(name, page.encode("utf-8", "replace"))
        # A run that began with another language has left this list beside it, and somebody may have kept its address.
        beside = f"index.{language}.html"
        if name == INDEX and place.read(beside) is not None:
            place.write(beside, page.encode("utf-8", "replace"))


def index_page(entries: Iterable[Entry], language: str, pages: dict[str, str]) -> str:
    """Return the list of reports in the language in use; ``pages`` has the file of each language's list."""
    shown = sorted(entries, key=lambda entry: (entry.written, entry.job.name), reverse=True)
    # Names are unique in words, not only as ids: two plans may have the same title.
    rows = "".join(_row(entry) for entry in shown)
    script = script_safe(_beside("index.js"))
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    title, skip, none = _("Reports"), _("Skip to the list"), _("No report fits. Take a filter away.")
    one = plural("{count} report", "{count} reports", 1)
    heads = (N_("Report"), N_("Scenario"), N_("Segment"), N_("Language"), N_("Written"), N_("State"), N_("Open"))
    columns = "".join(f'<th scope="col">{escape(_(head))}</th>' for head in heads)
    return f"""<!doctype html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(title)}</title>
<style>{tokens_css()}{_beside("page.css")}{_beside("index.css")}</style>
</head>
<body class="wb-report wb-index">
<a class="wb-skip" href="#wb-main">{escape(skip)}</a>
<main id="wb-main" tabindex="-1">
<header><h1>{escape(title)}</h1>{_others(language, pages)}</header>
{_search(shown)}
<p class="wb-count" role="status" data-none="{escape(none)}"
 data-one="{escape(one)}" data-many="{escape(_many())}">{escape(_count(shown))}</p>
<div class="wb-list"><table>
<caption class="wb-unseen">{escape(title)}</caption>
<thead><tr>{columns}</tr></thead>
<tbody>{rows}</tbody>
</table></div>
</main>
<script>{script}</script>
</body>
</html>
"""


def _row(entry: Entry) -> str:
    """Return an entry as a row of the list, with what it can be found by."""
    job, day = entry.job, entry.written[:10]
    words = {
        "plan": job.plan,
        "scenario": entry.names.get("scenario") or job.scenario or _(N_("base")),
        "segment": entry.names.get("segment") or job.segment or _(N_("all segments")),
        "language": LANGUAGES.get(job.language, job.language),
        "state": _(STATES[entry.state]),
    }
    keys = {"plan": job.plan, "scenario": job.scenario or "~", "segment": job.segment or "~"}
    keys |= {"language": job.language, "state": entry.state, "day": day}
    marks = "".join(f' data-{name}="{escape(value)}"' for name, value in keys.items())
    found_by = " ".join((entry.title, entry.reason, *words.values())).casefold()
    first = f'<span class="wb-title">{escape(entry.title)}</span> <small>{escape(job.plan)}</small>'
    if entry.reason:
        first += f'<p class="wb-reason">{escape(entry.reason)}</p>'
    cells = "".join(
        f'<td data-head="{escape(_(head))}">{text}</td>'
        for head, text in (
            (N_("Scenario"), escape(words["scenario"])),
            (N_("Segment"), escape(words["segment"])),
            (N_("Language"), escape(words["language"])),
            (N_("Written"), f'<time datetime="{escape(entry.written)}">{escape(_day(entry))}</time>'),
            (N_("State"), f'<span class="wb-state wb-{entry.state}">{escape(words["state"])}</span>'),
            (N_("Open"), _links(entry)),
        )
    )
    return f'<tr{marks} data-words="{escape(found_by)}"><th scope="row">{first}</th>{cells}</tr>\n'


def _links(entry: Entry) -> str:
    """Return a link for each file of a report, named by its format; each says which report it opens."""
    links = []
    for file in entry.files:
        ending = file.name.rpartition(".")[2]
        if ending not in UNSEEN:
            label = escape(f"{ending.upper()}: {entry.title}, {entry.job.name}")
            address = quote(f"{entry.job.name}/{file.name}")
            links.append(f'<a href="{address}" aria-label="{label}">{escape(ending.upper())}</a>')
    return " ".join(links)


def _search(entries: Sequence[Entry]) -> str:
    """Return the fields that narrow the list; each choice is one that occurs in it."""
    choices: dict[str, dict[str, str]] = {name: {} for name in FILTERS}
    for entry in entries:
        job, names = entry.job, entry.names
        choices["plan"][job.plan] = f"{entry.title} ({job.plan})" if entry.title != job.plan else job.plan
        choices["scenario"][job.scenario or "~"] = names.get("scenario") or job.scenario or _(N_("base"))
        choices["segment"][job.segment or "~"] = names.get("segment") or job.segment or _(N_("all segments"))
        choices["language"][job.language] = LANGUAGES.get(job.language, job.language)
        choices["state"][entry.state] = _(STATES[entry.state])
    words, every, since = _("Words"), escape(_("all")), _("Written since")
    fields = [f'<label>{escape(words)}<input type="search" data-by="words" autocomplete="off"></label>']
    for name, label in FILTERS.items():
        found = sorted(choices[name].items(), key=lambda choice: (choice[0] != "~", choice[1].casefold()))
        options = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in found)
        fields.append(
            f'<label>{escape(_(label))}<select data-by="{name}"><option value="">{every}</option>{options}</select></label>'
        )
    fields.append(f'<label>{escape(since)}<input type="date" data-by="day"></label>')
    return f'<form class="wb-filters" role="search" hidden>{"".join(fields)}</form>'


def _others(language: str, pages: dict[str, str]) -> str:
    links = "".join(
        f'<a href="{escape(page)}" lang="{other}" hreflang="{other}">{escape(LANGUAGES[other])}</a>'
        for other, page in pages.items()
        if other != language
    )
    name = _("Language")
    return f'<nav aria-label="{escape(name)}">{links}</nav>' if links else ""


def _count(entries: Sequence[Entry]) -> str:
    return plural("{count} report", "{count} reports", len(entries))


def _many() -> str:
    """Return the words for many reports, with a place for the number that the page puts in."""
    return plural("{count} report", "{count} reports", 2).replace("2", "%")


def _day(entry: Entry) -> str:
    return date_words(datetime.fromisoformat(entry.written).astimezone())


def _beside(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


def _digest(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
