"""The console of a workshop in a notebook: the desk's acts and words on a real store, and no vote before its time."""

import json
import shutil
from pathlib import Path

import pytest

from workbook.forms.console import Console
from workbook.forms.live import LivePlan
from workbook.pages import made_workspace
from workbook.plan.workspace import Workspace
from workbook.workshop.acts import ACTS
from workbook.workshop.log import Workshop, WorkshopLog, fingerprint
from workbook.workshop.room import Entry

PLAN = "adaptive-test"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Workspace:
    return made_workspace(tmp_path_factory.mktemp("made") / "team", samples=True)


@pytest.fixture
def workspace(made, tmp_path) -> Workspace:
    return Workspace(Path(shutil.copytree(made.folder, tmp_path / "team")))


@pytest.fixture
def elsewhere(workspace) -> Workshop:
    """The same workshop as its server holds it, which is another process."""
    store = WorkshopLog(workspace)
    return Workshop(store, store.begin(PLAN, "Title", key="the-key", facilitator="Ada", groups=()))


class Led:
    """A console, and a browser that sends it what a person does there."""

    def __init__(self, workspace: Workspace) -> None:
        self.changes = 0
        self.console = Console(LivePlan(workspace, PLAN), self._changed)
        self.answers: list[dict] = []
        self.console.view.send = lambda message, buffers=None: self.answers.append(message)

    def _changed(self) -> None:
        self.changes += 1

    @property
    def html(self) -> str:
        return self.console.view.html

    @property
    def sent_to_the_browser(self) -> str:
        views = [self.console.view, *self.console.revealed]
        return json.dumps([view.get_state() for view in views], default=str) + json.dumps(self.answers)

    def message(self, message: dict) -> str:
        """Send a message as it comes from the browser, and return what was wrong with it."""
        before = len(self.answers)
        self.console.view._receive(None, message | {"serial": 7}, None)
        return self.answers[-1]["wrong"] if len(self.answers) > before else "no answer"

    def act(self, act: str, *fields: tuple[str, str], **more: str) -> str:
        pairs = [[name, text] for name, text in (*fields, *more.items())]
        return self.message({"kind": "act", "act": act, "fields": pairs})


@pytest.fixture
def led(workspace, elsewhere) -> Led:
    made = Led(workspace)
    assert made.act("key", key="the-key") == ""
    return made


def asked(led: Led, elsewhere: Workshop, exercise: str = "needs", item: str = "one-view") -> str:
    assert led.act("ask", exercise=exercise, item=item, operation="o") == ""
    elsewhere.catch_up()
    current = elsewhere.room.current
    assert current is not None
    return current.id


def joined(elsewhere: Workshop, name: str) -> str:
    elsewhere.must(Entry("joined", {"name": name, "hashes": [name]}, name))
    return name


def vote(elsewhere: Workshop, poll: str, who: str, question: str, answer: object) -> None:
    elsewhere.must(Entry("vote", {"poll": poll, "round": 1, "question": question, "answer": answer}, who))


def test_without_a_workshop_it_says_how_to_begin_one(workspace):
    led = Led(workspace)
    assert "workbook workshop adaptive-test" in led.html
    assert led.act("reveal", poll="x") == "No workshop has been begun about this plan."


def test_a_workshop_begun_later_is_found(workspace):
    led = Led(workspace)
    store = WorkshopLog(workspace)
    store.begin(PLAN, "Begun later", key="k")
    led.console.look()
    assert "Begun later" in led.html


@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_act_needs_the_key(workspace, elsewhere, act):
    led = Led(workspace)
    before = elsewhere.store.head(elsewhere.held.id)
    assert "key" in led.act(act, poll="x", choice="x", text="x", exercise="notes", programme="remote")
    assert elsewhere.store.head(elsewhere.held.id) == before
    assert elsewhere.held.code[:4] not in led.html


def test_a_wrong_key_is_refused_and_twenty_are_enough(workspace, elsewhere):
    led = Led(workspace)
    for _ in range(20):
        assert "no key to this workshop" in led.act("key", key="guess")
    assert "too many wrong codes" in led.act("key", key="the-key").lower()


def test_the_whole_link_is_a_key_too_and_stays_in_the_kernel(workspace, elsewhere):
    led = Led(workspace)
    assert led.act("key", key="http://127.0.0.1:8870/desk?key=the-key") == ""
    assert "What shall the group do?" in led.html
    assert "the-key" not in led.sent_to_the_browser


def test_what_is_opened_here_is_open_for_the_server_and_votes_from_there_are_counted_here(led, elsewhere):
    ada, bob = joined(elsewhere, "Ada L"), joined(elsewhere, "Bob")
    poll = asked(led, elsewhere)
    for question in ("one-view~importance", "one-view~satisfaction"):
        vote(elsewhere, poll, ada, question, 8)
    led.console.look()
    assert led.console.view.told["status"] == "1 of 2 have answered"
    assert "Still open: Bob" in led.html
    assert bob in elsewhere.room.participants


def test_no_hidden_vote_reaches_the_browser_before_the_reveal(led, elsewhere):
    who = joined(elsewhere, "Ada L")
    poll = asked(led, elsewhere, "estimates", "email-curve")
    vote(elsewhere, poll, who, "email-curve", {"low": 31337.25, "likely": 31338.25, "high": 31339.25})
    led.console.look()
    assert "31,33" not in led.sent_to_the_browser
    assert "3133" not in led.sent_to_the_browser
    assert led.console.revealed[0].payload["empty"]
    assert led.act("reveal", poll=poll) == ""
    assert "31338.25" in led.sent_to_the_browser
    assert led.changes >= 2  # the minutes below follow


def test_hidden_votes_of_a_second_round_stay_hidden_beside_the_first(led, elsewhere):
    who = joined(elsewhere, "Ada L")
    poll = asked(led, elsewhere, "estimates", "email-curve")
    vote(elsewhere, poll, who, "email-curve", {"low": 1, "likely": 41414, "high": 51515})
    led.act("reveal", poll=poll)
    led.act("again", poll=poll)
    elsewhere.catch_up()
    answer = {"low": 1, "likely": 62626, "high": 71717}
    elsewhere.must(Entry("vote", {"poll": poll, "round": 2, "question": "email-curve", "answer": answer}, who))
    led.console.look()
    assert "41414" in led.sent_to_the_browser
    assert "62626" not in led.sent_to_the_browser


def test_a_vote_is_adopted_into_the_plan_with_its_n(led, elsewhere, workspace):
    people = [joined(elsewhere, name) for name in "ABC"]
    poll = asked(led, elsewhere)
    for who, importance in zip(people, (7, 8, 9), strict=True):
        vote(elsewhere, poll, who, "one-view~importance", importance)
    led.act("reveal", poll=poll)
    assert led.act("adopt", poll=poll, key="team-needs-one-view") == ""
    need = workspace.log.plan(PLAN)[0].item("one-view")
    assert (need.importance, need.evidence[-1].n) == (8, 3)
    assert "in the plan" in led.html
    elsewhere.catch_up()
    assert elsewhere.room.poll(poll).adopted


def test_an_act_sent_twice_is_done_once(led, elsewhere):
    for _ in range(2):
        assert led.act("decide", choice="Serve enterprises first", operation="same") == ""
    elsewhere.catch_up()
    assert len(elsewhere.room.decisions) == 1


def test_somebody_without_a_device_is_voted_for_here_and_nobody_else(led, elsewhere):
    other = joined(elsewhere, "With A Phone")
    poll = asked(led, elsewhere)
    led.act("proxy", name="No Device", operation="p")
    elsewhere.catch_up()
    who = next(p.id for p in elsewhere.room.participants.values() if p.proxy)
    assert led.message({"kind": "look", "who": who, "place": ""}) == ""
    assert "For No Device, who has no device." in led.html
    form = {"poll": poll, "round": "1", "question": "one-view~importance", "value": "6"}
    assert led.act("vote", who=who, **form) == ""
    assert "Question 2 of 2" in led.html
    assert "only for people without a device" in led.act("vote", who=other, **form)
    elsewhere.catch_up()
    assert [(w, v.value) for (_r, _q, w), v in elsewhere.room.poll(poll).votes.items()] == [(who, 6)]
    assert led.message({"kind": "look", "who": "", "place": ""}) == ""
    assert "Next exercise" in led.html


def test_agenda_parking_lot_and_where_it_is_served_are_shown(led, elsewhere):
    assert "Nobody serves it now." in led.html
    place = {"address": "http://192.168.1.20:8870", "network": "192.168.1.20"}
    elsewhere.must(Entry("served", place), Entry("parked", {"id": "x", "text": "What about resellers?"}))
    led.act("plan", programme="half-day")
    led.act("block", block="1")
    led.act("extend", minutes="5")
    assert "Open to everybody in the network of 192.168.1.20." in led.html
    assert "wb-qr" in led.html
    assert "What about resellers?" in led.html
    assert 'aria-current="true"' in led.html
    assert led.console.view.told["left"] > 60 * 5
    elsewhere.catch_up()
    assert (elsewhere.room.block, elsewhere.room.extended) == (1, {1: 5})


def test_other_minutes_let_the_block_that_runs_go_on(led, elsewhere):
    led.act("plan", programme="remote")
    led.act("block", block="1")
    assert led.act("minutes", **{"minutes-1": "44"}) == ""
    elsewhere.catch_up()
    assert (elsewhere.room.block, elsewhere.room.blocks[1]["minutes"]) == (1, 44)
    assert elsewhere.room.block_began is not None


def test_a_second_facilitator_takes_over_and_the_first_lets_go(led, elsewhere, workspace):
    assert led.act("letgo") == "Nobody else holds a key to this workshop. Hand it over first."
    assert led.act("handover", name="Bea") == ""
    key = led.html.split("<code>")[1].split("<")[0]
    second = Led(workspace)
    assert second.act("key", key=key) == ""
    assert led.act("letgo") == ""
    assert "Lead the workshop from here" in led.html
    elsewhere.catch_up()
    assert set(elsewhere.room.desks) == {fingerprint(key)}
    second.console.look()
    assert second.act("park", text="still here") == ""


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "act", "act": "open"},
        {"kind": "act", "act": "open", "fields": [["poll", 1]]},
        {"kind": "act", "act": "open", "fields": [], "more": 1},
        {"kind": "act", "act": "x" * 30, "fields": []},
        {"kind": "act", "act": "park", "fields": [["text", "x" * 20_001]]},
        {"kind": "look", "who": None, "place": ""},
        {"kind": "else"},
        "act",
    ],
)
def test_a_message_of_another_shape_is_dropped(led, elsewhere, message):
    sent = message | {"serial": 1} if isinstance(message, dict) else message
    before = len(led.answers)
    led.console.view._receive(None, sent, None)
    assert len(led.answers) == before


def test_hostile_names_and_notes_are_text(led, elsewhere):
    joined(elsewhere, "<img src=x onerror=alert(1)>")
    elsewhere.must(Entry("parked", {"id": "h", "text": "</section><script>alert(1)</script>"}))
    led.console.look()
    assert "<img" not in led.html
    assert "<script>" not in led.html
    assert "&lt;script&gt;" in led.html


def test_more_than_six_things_are_not_compared_in_pairs(led, elsewhere):
    lines = "\n".join(f"thing {i}" for i in range(7))
    assert "6 things at most" in led.act("ask", exercise="pairs", more=lines, operation="o")
    assert elsewhere.store.head(elsewhere.held.id) == elsewhere.room.sequence
