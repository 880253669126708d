"""The live plan: what is valid is saved at once, what is not stays as typed with a way out."""

import pytest

from workbook.forms.cards import form_content
from workbook.forms.live import LivePlan
from workbook.language import speaking
from workbook.plan.links import Links
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped


@pytest.fixture
def live(tmp_path):
    workspace = Workspace.create(tmp_path)
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield LivePlan(workspace, "adaptive-test")
    workspace.log.close()


def field(live, section, path):
    def fields(cards):
        for card in cards:
            yield from inner(card["fields"])

    def inner(held):
        for one in held:
            yield one
            yield from inner(one.get("fields", []))
            yield from fields(one.get("cards", []))

    return next(f for f in fields(form_content(live.plan, section, live.form)["cards"]) if f["path"] == path)


def test_an_edit_is_saved_and_read_back_by_another_page(live):
    before = live.revision
    assert live.edit("/budget/total", "150,000")
    assert live.revision == before + 1
    assert LivePlan(live.workspace, "adaptive-test").plan.budget.total == 150_000


def test_an_edit_that_changes_nothing_makes_no_revision(live):
    before = live.revision
    assert live.edit("/budget/total", "120000.0")
    assert live.revision == before


def test_listeners_hear_each_change(live):
    heard = []
    live.listen(lambda: heard.append(live.plan.budget.total))
    live.edit("/budget/total", "1")
    live.edit("/budget/total", "nonsense")
    assert heard == [1, 1]


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("/budget/total", "much", "Enter a number, such as 1,234.5."),
        ("/budget/total", "-5", "Enter 0 or more."),
        ("/segments/enterprise/customers", "1.5", "Enter a whole number."),
        ("/segments/enterprise/churn", "120", "Enter 1 or less."),
        ("/segments/enterprise/name", "x" * 501, "Shorten it to 500 characters."),
        ("/charter/period/start", "soon", "Enter a month as year and month: 2027-01."),
        ("/channels/email/scores/audience", "11", "Enter 10 or less."),
        (
            "/curves/email-curve/estimate/low",
            "100",
            "Low, likely and high must rise, but 100 stands before 5. Swap or correct them.",
        ),
    ],
)
def test_what_is_not_valid_is_kept_as_typed_beside_its_message_and_not_saved(live, path, typed, said):
    before = live.revision, live.plan
    assert not live.edit(path, typed)
    assert (live.revision, live.plan) == before
    shown = field(live, path.split("/")[1], path) if path.count("/") > 1 and not path.startswith("/charter") else None
    if shown is not None:
        assert shown["text"] == typed
    assert live.form.errors[path] == said


def test_a_corrected_field_loses_its_message(live):
    live.edit("/budget/total", "much")
    assert live.edit("/budget/total", "5")
    assert live.form.errors == {}
    assert live.form.texts == {}


def test_fields_that_belong_together_are_saved_together(live):
    assert not live.edit("/curves/email-curve/estimate/low", "10")
    assert not live.edit("/curves/email-curve/estimate/likely", "11")
    assert live.edit("/curves/email-curve/estimate/high", "12")
    estimate = live.plan.item("email-curve").estimate
    assert (estimate.low, estimate.likely, estimate.high) == (10, 11, 12)
    assert live.workspace.log.revisions("adaptive-test")[-2].path == "/curves/email-curve/estimate"


def test_numbers_are_typed_in_the_readers_language(live):
    with speaking("it"):
        assert live.edit("/budget/total", "99.500,5")
        assert field(live, "budget", "/budget/total")["text"] == "99.500,5"
    assert live.plan.budget.total == 99_500.5


def test_a_rate_is_typed_in_per_cent_and_stored_as_a_share(live):
    assert live.edit("/segments/enterprise/churn", "7 %")
    assert live.plan.item("enterprise").churn == 0.07
    assert field(live, "segments", "/segments/enterprise/churn")["text"] == "7"


def test_an_arrow_key_moves_by_a_step_and_stops_at_the_range(live):
    live.step("/budget/total", 3)
    assert live.plan.budget.total == 123_000
    live.step("/budget/total", -1000)
    assert live.plan.budget.total == 0


def test_an_emptied_field_is_a_field_not_filled_in(live):
    assert live.edit("/budget/total", " ")
    assert live.plan.budget.total is None


def test_an_added_item_can_be_filled_in_and_is_the_one_to_open(live):
    id = live.add("/segments")
    assert live.form.opened == f"/segments/{id}"
    assert live.edit(f"/segments/{id}/name", "Public bodies")
    assert live.plan.item(id).name == "Public bodies"


def test_an_item_inside_an_item_can_be_added(live):
    id = live.add("/segments/mid-market/evidence")
    assert live.plan.path(id) == f"/segments/mid-market/evidence/{id}"


def test_removing_an_item_removes_what_refers_to_it_as_one_operation(live):
    before = live.revision
    live.remove("/channels/email")
    assert live.plan.item("email") is None
    assert live.plan.item("email-curve").channel is None
    live.remove("/segments/enterprise")
    assert live.plan.positioning.segment is None
    assert all("enterprise" not in channel.segments for channel in live.plan.channels)
    operations = {r.operation for r in live.workspace.log.revisions("adaptive-test", after=before)}
    assert len(operations) == 2


def test_a_path_the_plan_does_not_have_is_refused(live):
    from workbook.errors import ParameterError

    for path in ("/nothing", "/budget/nothing", "/segments/gone/name", "/~order", "/segments/~order"):
        with pytest.raises(ParameterError):
            live.edit(path, "x")


def test_hostile_text_is_kept_as_text(live):
    hostile = "</script><img src=x onerror=alert(1)>"
    assert live.edit("/segments/enterprise/name", hostile)
    assert live.plan.item("enterprise").name == hostile


@pytest.mark.parametrize("language", ["en", "it"])
def test_every_section_makes_a_form_whose_fields_have_labels(live, language):
    from workbook.plan.model import Plan, shapes

    with speaking(language):
        for section in shapes(Plan):
            content = form_content(live.plan, section.name, live.form)
            assert content["cards"]
            for card in content["cards"]:
                assert all(f["label"] for f in card["fields"])


def other_page(live):
    return LivePlan(live.workspace, live.plan_id)


def test_two_values_for_one_field_are_both_kept_until_someone_chooses(live):
    other = other_page(live)
    live.edit("/budget/total", "130000")
    other.edit("/budget/total", "140000")
    live.poll()
    (conflict,) = live.conflicts
    assert (conflict.path, [r.value for r in conflict.revisions]) == ("/budget/total", [130_000, 140_000])
    live.choose("/budget/total", conflict.revisions[0].sequence)
    other.poll()
    assert live.conflicts == other.conflicts == []
    assert other.plan.budget.total == 130_000


def test_whoever_saw_the_other_value_replaces_it_without_a_conflict(live):
    other = other_page(live)
    live.edit("/budget/total", "130000")
    assert other.poll()
    other.edit("/budget/total", "140000")
    live.poll()
    assert live.conflicts == []
    assert not other.poll()


def test_two_fields_changed_at_once_are_no_conflict(live):
    other = other_page(live)
    live.edit("/budget/total", "130000")
    other.edit("/budget/reserve", "9000")
    live.poll()
    assert live.conflicts == []
    assert (live.plan.budget.total, live.plan.budget.reserve) == (130_000, 9_000)


def test_what_was_done_can_be_undone_and_done_again(live):
    live.edit("/budget/total", "130000")
    live.remove("/channels/email")
    live.undo()
    assert live.plan.item("email-curve").channel == "email"
    live.undo()
    assert live.plan.budget.total == 120_000
    assert not live.can_undo
    live.redo()
    live.redo()
    assert live.plan.item("email") is None
    assert not live.can_redo


def test_undo_does_not_touch_what_somebody_else_has_changed_since(live):
    from workbook.errors import PlanError

    live.edit("/budget/total", "130000")
    other_page(live).edit("/budget/total", "140000")
    live.poll()
    with pytest.raises(PlanError, match="changed this since"):
        live.undo()
    assert live.plan.budget.total == 140_000


def test_a_copy_stands_behind_its_original_with_ids_of_its_own(live):
    copied = live.copy("/personas/elena")
    assert [p.id for p in live.plan.personas][:2] == ["elena", copied]
    assert live.plan.item(copied).goals == live.plan.item("elena").goals
    assert live.plan.item(copied).evidence[0].id != live.plan.item("elena").evidence[0].id
    assert len(live.plan.ids) == len(set(live.plan.ids))


def test_an_item_moves_within_its_collection_and_not_beyond(live):
    first = [s.id for s in live.plan.segments]
    live.move("/segments/agencies", -1)
    assert [s.id for s in live.plan.segments][1] == "agencies"
    live.move("/segments/agencies", -5)
    assert live.plan.segments[0].id == "agencies"
    live.undo()
    live.undo()
    assert [s.id for s in live.plan.segments] == first


def test_a_reference_can_be_made_while_it_is_picked(live):
    id = live.create("/positioning/alternative", "A spreadsheet")
    assert live.plan.positioning.alternative == id
    assert live.plan.item(id).name == "A spreadsheet"
    live.create("/needs/test-alone/personas", "Kim")
    assert len(live.plan.item("test-alone").personas) == 2


def test_changing_an_item_makes_stale_what_stands_on_it_and_says_what_changed(live):
    from workbook.plan.comparison import item_changes
    from workbook.plan.staleness import stale_in, waiting_in

    live.confirm([link.downstream for link in Links(live.plan).all])
    assert live.stale == []
    live.edit("/needs/test-alone/name", "Test campaign pages on our own")
    stale = {one.node for one in live.stale}
    assert "no-waiting" in stale
    assert "positioning" in waiting_in(live.plan, live.stale)
    one = next(one for one in live.stale if one.node == "no-waiting")
    was, now = live.plan_at(one.revision), live.plan
    (change,) = item_changes(was.item("test-alone"), now.item("test-alone"), was, now)
    assert change.path == "/needs/test-alone/name"
    assert (change.before, change.after) == (
        "Test campaign pages without waiting for IT",
        "Test campaign pages on our own",
    )

    # One is confirmed, one edited, one waived: each settles itself and nothing else.
    names = sorted(stale)
    live.confirm([names[0]])
    live.waive(names[1], "The wording changed, not the need.", None)
    edited = live.plan.path("no-waiting")
    live.edit(f"{edited}/name", "Better pages this week")
    assert {one.node for one in live.stale if one.upstream == "test-alone"} == stale - {
        names[0],
        names[1],
        "no-waiting",
    }
    assert live.plan.confirmed[names[1]].waived["test-alone"].reason == "The wording changed, not the need."

    # A waiver holds for the change it was given for, and until its day.
    live.edit("/needs/test-alone/name", "Something else")
    assert names[1] in {one.node for one in live.stale}
    assert stale_in(live.plan)


def test_a_waiver_ends_on_its_day(live):
    from datetime import date, timedelta

    from workbook.plan.staleness import stale_in

    live.confirm(["no-waiting"])
    live.edit("/needs/test-alone/name", "Changed")
    review = date(2027, 6, 1)
    live.waive("no-waiting", "Later.", review)
    assert "no-waiting" not in {one.node for one in stale_in(live.plan, today=review - timedelta(days=1))}
    assert "no-waiting" in {one.node for one in stale_in(live.plan, today=review)}


def test_what_stood_on_a_removed_item_is_stale(live):
    live.confirm([link.downstream for link in Links(live.plan).all])
    live.remove("/alternatives/testing-tool")
    assert any(one.node == "positioning" and one.gone for one in live.stale)


def test_a_scenario_inherits_what_it_does_not_change(live):
    paid = LivePlan(live.workspace, live.plan_id, "paid")
    paid.edit("/budget/total", "99000")
    live.edit("/budget/reserve", "1000")
    live.edit("/budget/total", "150000")
    paid.poll()
    assert (paid.plan.budget.total, paid.plan.budget.reserve) == (99_000, 1_000)
    live.poll()
    assert live.plan.budget.total == 150_000


def test_shares_of_a_whole_are_one_value_at_one_path_and_say_what_they_come_to(live):
    from workbook.forms.cards import form_content

    channel = next(channel for channel in live.plan.channels if len(channel.reach) > 1)
    path = f"/channels/{channel.id}/reach"
    first, *_others = channel.reach
    assert live.edit(f"{path}/{first}", "20")
    edited = next(c for c in live.plan.channels if c.id == channel.id)
    assert edited.reach == {**channel.reach, first: 0.2}
    assert [r.path for r in live.history if r.path.startswith(path)] == [path]
    cards = form_content(live.plan, "channels", live.form, live.around)["cards"]
    card = next(card for card in cards if card["path"] == f"/channels/{channel.id}")
    shares = next(field for field in card["fields"] if field["path"] == path)
    assert shares["kind"] == "shares"
    assert shares["sum"]["ok"] is False
    assert not live.edit(f"{path}/{first}", "120")
    assert live.form.errors
    assert live.edit(f"{path}/{first}", "")
    assert first not in next(c for c in live.plan.channels if c.id == channel.id).reach
