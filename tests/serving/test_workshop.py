"""A workshop by raw requests: joining, voting, resuming; and all that strangers and participants must not get."""

import contextlib
import re
import socket
import time
from collections.abc import Iterator
from html import unescape

import pytest
from hostile import TEXTS
from serving.workshop_process import Hall, Visitor, start, stop

from workbook.errors import ServingError
from workbook.plan.workspace import Workspace
from workbook.serving.workshop.server import serve_workshop
from workbook.shipped import shipped
from workbook.workshop.guard import MOST_WRONG, Guard
from workbook.workshop.log import Workshop, WorkshopLog
from workbook.workshop.room import Entry

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    workspace = Workspace.create(tmp_path_factory.mktemp("hall") / "team")
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    running = start(workspace)
    yield running
    stop(running)


@pytest.fixture(scope="module")
def desk(hall: Hall) -> Visitor:
    return hall.facilitator()


@pytest.fixture
def poll(hall: Hall, desk: Visitor) -> str:
    return hall.asked(desk, "needs", ["one-view"])


def workshop(hall: Hall) -> Workshop:
    found = Workshop.of(hall.workspace, "adaptive-test")
    assert found is not None
    return found


def votes_in(hall: Hall, poll: str) -> list:
    found = workshop(hall)
    entries = [e for e in found.store.entries(found.held.id) if e.kind == "vote"]
    return [e.value["answer"] for e in entries if e.value["poll"] == poll]


def test_the_start_says_which_network_it_is_open_to(hall):
    assert "this machine only" in hall.said


def test_who_knows_the_code_joins_and_finds_the_question(hall, poll):
    ada = hall.participant("Ada Question")
    page = unescape(ada.ask("/room").text)
    assert "How important is it to the customer?" in page
    assert "Question 1 of 2" in page


def test_a_wrong_code_is_refused_with_a_sentence(hall):
    answer = hall.stranger().join("AAAA-AAAA", "Eve")
    assert answer.status == 409
    assert "no workshop with this code" in answer.text


def test_a_vote_is_stored_and_leads_to_the_next_question(hall, poll):
    ada = hall.participant()
    assert ada.vote(poll, "one-view~importance", value="8").headers["Location"] == "/room"
    assert votes_in(hall, poll) == [8]
    assert "Question 2 of 2" in ada.ask("/room").text
    ada.vote(poll, "one-view~satisfaction", value="3")
    assert "Your votes are in" in ada.ask("/room").text


def test_a_vote_sent_twice_counts_once(hall, poll):
    ada = hall.participant()
    for _ in range(3):
        assert ada.vote(poll, "one-view~importance", value="8", operation="same").status == 303
    assert votes_in(hall, poll) == [8]


def test_two_participants_may_chance_on_one_operation_id(hall, poll):
    for visitor, value in ((hall.participant(), "2"), (hall.participant(), "9")):
        visitor.vote(poll, "one-view~importance", value=value, operation="same")
    assert votes_in(hall, poll) == [2, 9]


def test_a_join_sent_twice_is_one_person(hall):
    visitor = hall.stranger()
    secret = "s" * 30
    before = len(workshop(hall).room.participants)
    for _ in range(2):
        assert visitor.post("/", code=hall.code, name="Twice", secret=secret).status == 303
    assert len(workshop(hall).room.participants) == before + 1


def test_two_with_one_name_are_asked_to_tell_themselves_apart(hall):
    hall.participant("Same Name")
    answer = hall.stranger().join(hall.code, "same  name")
    assert answer.status == 409
    assert "here already" in unescape(answer.text)


def test_another_device_goes_on_without_a_second_person(hall, poll):
    ada = hall.participant("Ada Two Devices")
    code = re.search(r'<strong class="wb-code">([^<]+)<', ada.ask("/room").text)[1]
    other = hall.stranger()
    secret = re.search(r'name="secret" value="([^"]+)"', other.ask("/resume").text)[1]
    before = len(workshop(hall).room.participants)
    assert other.post("/resume", code=code, secret=secret).status == 303
    assert "Ada Two Devices" in other.ask("/room").text
    assert len(workshop(hall).room.participants) == before
    ada.vote(poll, "one-view~importance", value="1")
    other.vote(poll, "one-view~importance", value="6")
    room = workshop(hall).room
    votes = room.poll(poll).votes.items()
    assert [v.value for (_r, _q, who), v in votes if room.participants[who].name == "Ada Two Devices"] == [6]


def test_a_late_joiner_finds_what_is_going_on(hall, poll, desk):
    desk.post("/desk/do/reveal", poll=poll)
    assert "Reveal" in hall.participant("Late").ask("/room").text


@pytest.mark.parametrize(
    ("answer", "said"),
    [({"value": "11"}, "Choose a number"), ({}, "Choose a number"), ({"value": "8", "round": "2"}, "new round")],
)
def test_a_bad_vote_is_refused_and_stores_nothing(hall, poll, answer, said):
    ada = hall.participant()
    form = {"poll": poll, "round": "1", "question": "one-view~importance"} | answer
    refused = ada.post("/vote", **form)
    assert refused.status == 409
    assert said in unescape(refused.text)
    assert votes_in(hall, poll) == []


def test_a_vote_after_the_reveal_is_refused(hall, poll, desk):
    ada = hall.participant()
    desk.post("/desk/do/reveal", poll=poll)
    answer = ada.vote(poll, "one-view~importance", value="8")
    assert (answer.status, "revealed" in answer.text) == (409, True)
    assert votes_in(hall, poll) == []


def test_a_question_taken_back_while_open_says_so(hall, poll, desk):
    ada = hall.participant()
    desk.post("/desk/do/remove", poll=poll)
    answer = ada.vote(poll, "one-view~importance", value="8")
    assert (answer.status, "taken back" in answer.text) == (409, True)
    assert poll not in ada.ask("/room").text


def test_an_estimate_with_low_over_high_is_refused(hall, desk):
    poll = hall.asked(desk, "estimates", ["email-curve"])
    ada = hall.participant()
    answer = ada.vote(poll, "email-curve", low="9", likely="5", high="3")
    assert (answer.status, "must rise" in answer.text) == (409, True)
    assert ada.vote(poll, "email-curve", low="3", likely="5", high="9").status == 303


@pytest.mark.parametrize(("text", "said"), [("  ", "empty"), ("x" * 10_000, "1,000")])
def test_an_empty_and_an_endless_note_are_refused(hall, desk, text, said):
    poll = hall.asked(desk, "notes", [])
    answer = hall.participant().post("/note", poll=poll, text=text)
    assert answer.status == 409
    assert said in unescape(answer.text)


def test_what_is_too_large_is_not_read(hall, poll):
    visitor, before = hall.participant(), workshop(hall).room.sequence
    with contextlib.suppress(ConnectionError):  # the rest of it is not even heard
        assert visitor.post("/note", poll=poll, text="x" * 300_000).status in (400, 413)
    assert workshop(hall).room.sequence == before
    assert visitor.ask("/room").status == 200


def test_when_everybody_has_left_the_desk_goes_on(hall, poll, desk):
    ada = hall.participant()
    ada.post("/leave")
    assert ada.ask("/room").headers["Location"] == "/"
    assert desk.ask("/desk").status == 200
    assert desk.post("/desk/do/reveal", poll=poll).status == 303


# --- what must stay hidden


def everything_a_visitor_can_ask(visitor: Visitor) -> str:
    paths = [
        "/",
        "/room",
        "/room?q=1",
        "/screen",
        "/desk",
        "/desk/votes.csv",
        "/desk/key",
        "/resume",
        "/desk/proxy?who=x",
    ]
    return "".join(answer.text + str(answer.headers) for answer in map(visitor.ask, paths))


def test_nobody_reads_anothers_hidden_vote_by_any_request(hall, desk):
    poll = hall.asked(desk, "estimates", ["email-curve"])
    voter = hall.participant("Voter Of Secrets")
    voter.vote(poll, "email-curve", low="31337.25", likely="31338.25", high="31339.25")
    for visitor in (hall.participant(), desk, hall.stranger()):
        seen = everything_a_visitor_can_ask(visitor).replace(",", "")
        assert "3133" not in seen
    assert "31,338.25" in voter.ask("/room?q=1").text  # the voter's own
    desk.post("/desk/do/reveal", poll=poll)
    assert "31338.25" in desk.ask("/desk/votes.csv").text
    assert "Voter Of Secrets" not in desk.ask("/desk/votes.csv").text


def test_hidden_votes_of_a_second_round_stay_hidden_beside_the_first(hall, desk):
    poll = hall.asked(desk, "estimates", ["email-curve"])
    voter = hall.participant()
    voter.vote(poll, "email-curve", low="1", likely="41414", high="51515")
    desk.post("/desk/do/reveal", poll=poll)
    desk.post("/desk/do/again", poll=poll)
    voter.vote(poll, "email-curve", round=2, low="1", likely="62626", high="71717")
    table = desk.ask("/desk/votes.csv").text
    assert ("41414" in table, "62626" in table) == (True, False)
    assert "62626" not in desk.ask("/desk").text


def test_notes_are_hidden_from_others_until_the_reveal(hall, desk):
    poll = hall.asked(desk, "notes", [])
    hall.participant().post("/note", poll=poll, text="a thought of mine alone")
    other = hall.participant()
    assert "a thought of mine" not in everything_a_visitor_can_ask(other) + everything_a_visitor_can_ask(desk)
    desk.post("/desk/do/reveal", poll=poll)
    assert "a thought of mine" in other.ask("/room").text


def test_events_say_that_something_changed_and_no_vote(hall, desk):
    poll = hall.asked(desk, "needs", ["one-view"])
    hall.participant().vote(poll, "one-view~importance", value="7")
    with socket.create_connection(("127.0.0.1", hall.port), timeout=5) as line:
        cookies = "; ".join(f"{n}={v}" for n, v in desk.cookies.items())
        line.sendall(f"GET /events/desk HTTP/1.1\r\nHost: 127.0.0.1:{hall.port}\r\nCookie: {cookies}\r\n\r\n".encode())
        said = b""
        while b"data:" not in said:
            said += line.recv(4096)
    assert set(re.findall(rb'"(\w+)":', said)) == {b"stamp", b"status", b"people", b"left"}


@pytest.mark.parametrize("path", ["/desk", "/desk/votes.csv", "/desk/proxy?who=x", "/desk/minutes.html"])
def test_pages_of_the_desk_need_the_key(hall, path):
    for visitor in (hall.stranger(), hall.participant()):
        answer = visitor.ask(path)
        assert (answer.status, answer.headers["Location"]) == (303, "/desk/key")


@pytest.mark.parametrize(
    "act", ["ask", "open", "reveal", "again", "close", "remove", "heap", "adopt", "decide", "plan", "block", "handover"]
)
def test_acts_of_the_facilitator_need_the_key(hall, poll, act):
    before = workshop(hall).room.sequence
    for visitor in (hall.stranger(), hall.participant()):
        before = workshop(hall).room.sequence
        answer = visitor.post(f"/desk/do/{act}", poll=poll, exercise="notes", choice="x", programme="remote", block="0")
        assert answer.headers["Location"] == "/desk/key"
        assert workshop(hall).room.sequence == before


def test_a_participant_cannot_vote_for_another(hall, poll, desk):
    desk.post("/desk/do/proxy", name="No Device")
    who = next(p.id for p in workshop(hall).room.participants.values() if p.name == "No Device")
    form = {"poll": poll, "round": "1", "question": "one-view~importance", "value": "9", "who": who}
    assert hall.participant().post("/vote", **form).status == 403
    assert desk.post("/vote", **form).headers["Location"] == f"/desk/proxy?who={who}"
    other = next(p.id for p in workshop(hall).room.participants.values() if not p.proxy)
    assert desk.post("/vote", **(form | {"who": other})).status == 403


def test_another_sites_page_can_send_nothing(hall, poll):
    ada = hall.participant()
    form = {"_xsrf": ada.cookies["_xsrf"], "poll": poll, "round": "1", "question": "one-view~importance", "value": "9"}
    assert ada.ask("/vote", form, Origin="http://elsewhere.example").status == 403
    assert ada.ask("/vote", {name: v for name, v in form.items() if name != "_xsrf"}).status == 403
    assert ada.ask("/room", Host="elsewhere.example").status == 403
    assert votes_in(hall, poll) == []


@pytest.mark.parametrize(
    "path", ["/plans.sqlite", "/static/../plans.sqlite", "/..%2fplans.sqlite", "//etc/passwd", "/desk/do/_add"]
)
def test_no_file_and_nothing_unlisted_has_an_address(hall, desk, path):
    assert desk.ask(path).status in (400, 404, 405)


def test_codes_cannot_be_tried_one_after_another():
    clock = [0.0]
    guard = Guard(clock=lambda: clock[0])
    tries = 0
    while not guard.refuses("here"):
        guard.note("here")
        tries += 1
    assert tries == MOST_WRONG
    assert not guard.refuses("there")
    clock[0] = 61
    assert not guard.refuses("here")


def test_hostile_names_notes_and_titles_are_text(hall, desk):
    poll = hall.asked(desk, "notes", [], title="<script>pwned(0)</script>")
    for i, text in enumerate(TEXTS[:12]):
        ada = hall.participant(f"{i}{text}"[:60])
        ada.post("/note", poll=poll, text=text)
    desk.post("/desk/do/reveal", poll=poll)
    for page in (desk.ask("/desk").text, desk.ask("/screen").text, ada.ask("/room").text):
        assert not re.search(
            r"<(script|img|svg|iframe|body|details|input|a)[^>]*(pwned|onerror|onload)", page.replace("zq7x", "")
        )
        assert "<script>pwned" not in page


def test_cells_of_the_table_of_votes_are_no_formulas(hall, desk):
    poll = hall.asked(desk, "notes", [])
    hall.participant().post("/note", poll=poll, text="=1+1")
    desk.post("/desk/do/reveal", poll=poll)
    assert ",'=1+1" in desk.ask("/desk/votes.csv").text


# --- what a facilitator does


def test_a_vote_is_adopted_into_the_plan_with_its_n(hall, desk):
    poll = hall.asked(desk, "needs", ["keep-consent"])
    for importance in ("7", "8", "9"):
        ada = hall.participant()
        ada.vote(poll, "keep-consent~importance", value=importance)
        ada.vote(poll, "keep-consent~satisfaction", value="2")
    desk.post("/desk/do/reveal", poll=poll)
    assert desk.post("/desk/do/adopt", poll=poll, key="team-needs-keep-consent").status == 303
    need = hall.workspace.log.plan("adaptive-test")[0].item("keep-consent")
    assert (need.importance, need.satisfaction, need.evidence[0].n, need.evidence[0].grade.value) == (8, 2, 3, "D")
    assert "in the plan" in desk.ask("/desk").text


def test_decisions_parked_thoughts_and_the_agenda_are_kept(hall, desk):
    desk.post(
        "/desk/do/decide", choice="Serve enterprises first", owner="Ada", rejected="Agencies", review="2027-01-15"
    )
    desk.post("/desk/do/plan", programme="half-day")
    desk.post("/desk/do/block", block="0")
    desk.post("/desk/do/extend", minutes="5")
    hall.participant().post("/park", text="What about resellers?")
    room = workshop(hall).room
    assert [d.choice for d in room.decisions.values()] == ["Serve enterprises first"]
    assert [p.text for p in room.parked.values()] == ["What about resellers?"]
    assert (room.block, room.extended) == (0, {0: 5})
    page = desk.ask("/desk").text
    assert "What about resellers?" in page


def test_who_stands_apart_is_named_only_when_they_wish(hall, desk):
    poll = hall.asked(desk, "needs", ["fewer-tools"])
    for value in "88888":
        hall.participant().vote(poll, "fewer-tools~importance", value=value)
    odd = hall.participant("Odd One Out")
    odd.vote(poll, "fewer-tools~importance", value="1")
    desk.post("/desk/do/reveal", poll=poll)
    assert "stands apart" in odd.ask("/room").text
    assert "Wishing to be called on" not in desk.ask("/desk").text
    odd.post("/speak", poll=poll)
    assert "Wishing to be called on: Odd One Out" in desk.ask("/desk").text
    assert "Odd One Out" not in desk.ask("/screen").text


def test_the_desk_is_handed_over_and_the_first_key_given_back(hall):
    first = hall.facilitator()
    page = unescape(first.post("/desk/do/handover", name="Bea").text)
    key = re.search(r"/desk\?key=(\S+?)<", page)[1]
    second = hall.stranger()
    assert second.ask(f"/desk?key={key}").status == 302
    assert second.ask("/desk").status == 200
    assert second.post("/desk/do/letgo").status == 303
    assert second.ask("/desk").status == 303
    assert first.ask("/desk").status == 200


def test_a_vote_of_another_server_on_the_same_store_is_seen(hall, desk, poll):
    store = WorkshopLog(hall.workspace)
    other = Workshop(store, store.workshops("adaptive-test")[0])
    who = next(iter(other.room.participants))
    other.must(Entry("vote", {"poll": poll, "round": 1, "question": "one-view~importance", "answer": 5}, who))
    time.sleep(1.0)
    desk.post("/desk/do/reveal", poll=poll)
    assert "needs,Importance and satisfaction,one-view~importance" in desk.ask("/desk/votes.csv").text


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_the_address_of_every_network_is_refused_with_ones_own(hall, host):
    with pytest.raises(ServingError, match="Name the address"):
        serve_workshop(hall.workspace, "adaptive-test", host=host)


def test_pages_speak_the_language_that_was_chosen(hall):
    visitor = hall.stranger()
    assert "Entra nel workshop" in visitor.ask("/?language=it").text
    assert "Entra nel workshop" in visitor.ask("/").text


def test_the_door_counts_wrong_codes(hall):
    """The last of them all: for a minute it lets nobody in."""
    statuses = [hall.stranger().join("AAAA-AAAA", "Eve").status for _ in range(MOST_WRONG + 1)]
    assert statuses[-1] == 429
    assert hall.stranger().join(hall.code, "Late").status == 429
