"""Two pages on one plan, doing whatever people do, never drift from a plain model of what they should hold."""

import shutil
import tempfile
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from workbook.errors import PlanError
from workbook.forms.live import LivePlan
from workbook.plan.files import read_plan, write_plan
from workbook.plan.model import Plan
from workbook.plan.revisions import folded, seen_in, whole_plan
from workbook.plan.scenarios import adoption, clashes, opening
from workbook.plan.store import RevisionLog
from workbook.plan.workspace import Workspace

START = Plan.model_validate(
    {"budget": {"total": 100, "reserve": 1}, "segments": {"a": {"customers": 10}, "b": {"customers": 20}}}
)
FIELDS = ("/budget/total", "/budget/reserve", "/segments/a/customers", "/segments/b/customers")
pytest_plugins = ["postgres"]

pages = st.integers(0, 1)
fields = st.sampled_from(FIELDS)
values = st.integers(0, 50)


def held(plan: Plan, path: str):
    _, section, *rest = path.split("/")
    part = getattr(plan, section)
    if len(rest) == 2:
        part = next((item for item in part if item.id == rest[0]), None)
    return getattr(part, rest[-1], None)


class TwoPages(RuleBasedStateMachine):
    """
    ``store`` is the address of a server, or empty for a file.

    ``self.model`` holds the plan's fields by path; ``self.paid`` what the scenario has changed.
    """

    store = ""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.workspace = Workspace.create(self.folder)
        if self.store:
            self.workspace.__dict__["log"] = RevisionLog(self.store)
        # One server serves all runs, each with a plan of its own.
        self.id = f"trial-{uuid4().hex[:12]}"
        self.workspace.log.create(self.id, START, author="test")
        self.pages = [LivePlan(self.workspace, self.id) for _ in range(2)]
        self.model = {path: held(START, path) for path in FIELDS}
        self.paid: dict[str, int] = {}
        self.stacks: list[list[tuple[dict, dict]]] = [[], []]
        self.snapshots: list[tuple[int, dict]] = []
        self.scenario: LivePlan | None = None

    def teardown(self):
        self.workspace.log.close()
        shutil.rmtree(self.folder)

    @rule(page=pages, path=fields, value=values)
    def edit(self, page, path, value):
        live = self.pages[page]
        unchanged = held(live.plan, path) == value
        assert live.edit(path, str(value))
        if unchanged:
            return
        live.poll()
        self.stacks[page].append(({path: value}, {path: self._seen(live, path)}))
        self.model[path] = value

    def _seen(self, live, path):
        """What stood there before this page's last operation, as the page itself had it."""
        return next((e.value for e in live._done[-1].before if e.path == path), None)

    @rule(page=pages, path=fields)
    def refuse(self, page, path):
        before = self.workspace.log.head(self.id)
        assert not self.pages[page].edit(path, "-3")
        assert self.workspace.log.head(self.id) == before
        self.pages[page].edit(path, str(held(self.pages[page].plan, path)))

    @rule(page=pages)
    def look(self, page):
        self.pages[page].poll()
        self.agree(self.pages[page])

    @rule(page=pages)
    def undo(self, page):
        live, stack = self.pages[page], self.stacks[page]
        live.poll()
        if not live.can_undo:
            return
        done, before = stack[-1]
        if all(self.model[path] == value for path, value in done.items()):
            live.undo()
            stack.pop()
            self.model |= before
        else:
            with pytest.raises(PlanError):
                live.undo()

    @rule(page=pages)
    def choose(self, page):
        live = self.pages[page]
        live.poll()
        for conflict in live.conflicts:
            chosen = conflict.revisions[0]
            if conflict.path in self.model:
                before = self.model[conflict.path]
                live.choose(conflict.path, chosen.sequence)
                self.model[conflict.path] = chosen.value
                self.stacks[page].append(({conflict.path: chosen.value}, {conflict.path: before}))
        assert [c for c in live.conflicts if c.path in self.model] == []

    @rule()
    def remember(self):
        self.snapshots.append((self.workspace.log.head(self.id), dict(self.model)))

    @precondition(lambda self: self.snapshots)
    @rule(page=pages, data=st.data())
    def restore(self, page, data):
        sequence, then = data.draw(st.sampled_from(self.snapshots))
        live = self.pages[page]
        live.poll()
        count = len(live._done)
        live.restore(sequence)
        if len(live._done) > count:
            changed = {p: v for p, v in then.items() if self.model[p] != v}
            self.stacks[page].append((changed, {p: self.model[p] for p in changed}))
        self.model = dict(then)

    @rule(path=fields, value=values)
    def edit_in_a_scenario(self, path, value):
        if self.scenario is None:
            edit = opening("paid", "Paid", self.workspace.log.revisions(self.id))
            self.workspace.log.append(self.id, [edit], author="test", base=self.workspace.log.head(self.id))
            self.scenario = LivePlan(self.workspace, self.id, "paid")
        self.scenario.poll()
        if held(self.scenario.plan, path) != value:
            assert self.scenario.edit(path, str(value))
            self.paid[path] = value

    @precondition(lambda self: self.scenario is not None)
    @rule()
    def adopt(self):
        history = self.workspace.log.revisions(self.id)
        over = [clash.path for clash in clashes(history, "paid")]
        edits = adoption(history, "paid", over=over)
        self.workspace.log.append(self.id, edits, author="test", base=self.workspace.log.head(self.id))
        self.model |= self.paid

    @rule(page=pages)
    def reopen(self, page):
        self.pages[page] = LivePlan(self.workspace, self.id)
        self.stacks[page] = []
        self.agree(self.pages[page])

    @rule()
    def export_and_import(self):
        plan, _ = self.workspace.log.plan(self.id)
        write_plan(self.id, plan, self.folder / "out.yaml")
        assert read_plan(self.folder / "out.yaml") == (self.id, plan)

    @invariant()
    def the_plan_is_the_fold_of_its_revisions(self):
        history = self.workspace.log.revisions(self.id)
        plan = whole_plan(folded(seen_in("", history)))
        assert {path: held(plan, path) for path in FIELDS} == self.model
        paid = whole_plan(folded(seen_in("paid", history)))
        assert {path: held(paid, path) for path in FIELDS} == self.model | self.paid

    def agree(self, live):
        assert {path: held(live.plan, path) for path in FIELDS} == self.model


QUICK = settings(max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=40, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))


def test_two_pages_never_drift_from_a_plain_model():
    run_state_machine_as_test(TwoPages, settings=QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["a file", "a server"])
def test_two_pages_never_drift_from_a_plain_model_in_two_thousand_steps(kind, request):
    store = request.getfixturevalue("postgres_url") if kind == "a server" else ""
    machine = type("TwoPagesThere", (TwoPages,), {"store": store})
    run_state_machine_as_test(machine, settings=LONG)
