"""The calendar file by the rules of RFC 5545: what is written is read back by a reader made from the same rules."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.execution.icalendar import calendar
from workbook.language import speaking
from workbook.plan.files import read_plan
from workbook.plan.model import Plan
from workbook.shipped import shipped

CHANGED = datetime(2026, 11, 25, 21, 30, tzinfo=UTC)


def written(data, **options):
    return calendar(Plan.model_validate(data), "spring", **({"revision": 7, "changed": CHANGED} | options))


def unfolded(text):
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    for line in text.split("\r\n"):
        assert len(line.encode()) <= 75
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def plain(value):
    return re.sub(r"\\([\\;,nN])", lambda hit: "\n" if hit[1] in "nN" else hit[1], value)


def events(text):
    """Return the entries as mappings of property to plain text; the structure is checked on the way."""
    lines = unfolded(text)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-1] == "END:VCALENDAR"
    found, current = [], None
    for line in lines[1:-1]:
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            assert current is None
            current = {}
        elif line == "END:VEVENT":
            found.append(current)
            current = None
        elif current is not None:
            assert name not in current
            current[name] = plain(value)
    assert current is None
    return found


def launch(name, **values):
    return {"campaigns": {"c": {"name": name, "start": "2027-03-01", "end": "2027-03-05"} | values}}


def test_days_end_on_the_first_day_after_them():
    run = next(one for one in events(written(launch("Launch"))) if one["UID"].startswith("campaign."))
    assert (run["DTSTART;VALUE=DATE"], run["DTEND;VALUE=DATE"]) == ("20270301", "20270306")
    assert run["DTSTAMP"] == "20261125T213000Z"
    assert run["SEQUENCE"] == "7"
    assert run["SUMMARY"] == "Campaign: Launch"


def test_an_entry_keeps_its_identifier_when_the_date_moves_and_each_has_its_own():
    before, after = events(written(launch("A"))), events(written(launch("B", start="2027-03-03")))
    assert {one["UID"] for one in before} == {one["UID"] for one in after}
    assert len({one["UID"] for one in before}) == len(before)


def test_a_long_name_with_marks_of_the_format_comes_back_whole():
    name = "Sconto; 10 %, " + "perché sì \\ no 🎄 " * 9 + "BEGIN:VEVENT"
    run = next(one for one in events(written(launch(name))) if one["UID"].startswith("campaign."))
    assert run["SUMMARY"] == f"Campaign: {name}"


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_whatever_is_typed_stays_inside_its_line(text):
    found = events(written(launch("A", angle=text)))
    # Vertical marks such as U+2028 are no line ends here; controls may not stand in a text at all.
    kept = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or not _control(c))
    said = next(one for one in found if one["UID"].startswith("campaign.")).get("DESCRIPTION", "")
    assert said == kept.strip() or said == kept


def _control(character):
    return ord(character) < 32 or 127 <= ord(character) < 160


@pytest.mark.parametrize("name", ["adaptive-test", "forno-aurora"])
def test_the_samples_have_an_entry_for_each_dated_thing_in_both_languages(name):
    plan_id, plan = read_plan(shipped("data") / "samples" / f"{name}.yaml")
    for language in ("en", "it"):
        with speaking(language):
            found = events(calendar(plan, plan_id, revision=1, changed=CHANGED))
        kinds = [one["UID"].split(".")[0] for one in found]
        assert kinds.count("notice") == len(plan.notices)
        assert kinds.count("campaign") == kinds.count("making") == len(plan.campaigns)
        assert kinds.count("creative") == len(plan.creatives)
    assert {one["SUMMARY"].split(":")[0] for one in found} >= {"Campagna", "Avviso di lancio", "Lancio"}


def test_a_calendar_without_dates_is_empty_but_sound():
    assert events(written({})) == []
    assert written({}) == written({})
