"""A figure gets into the plan by an explicit act, with all that is behind it; typed over, it is judgement again."""

from datetime import date

import pytest

from workbook import exhibits
from workbook.exhibits import Case
from workbook.forms.cards import form_content
from workbook.forms.live import LivePlan
from workbook.plan.adoption import Proposal, adopted, grade_of, is_adopted
from workbook.plan.model import Grade, Plan
from workbook.plan.revisions import Edit, after
from workbook.plan.workspace import Workspace
from workbook.shipped import shipped


@pytest.fixture
def live(tmp_path):
    workspace = Workspace.create(tmp_path)
    workspace.import_plan(shipped("data") / "samples" / "adaptive-test.yaml")
    yield LivePlan(workspace, "adaptive-test")
    workspace.log.close()


def case(live):
    return Case(live.plan, live.workspace, plan_id="adaptive-test")


def scores(live):
    return exhibits.opportunity_scores(case(live))


def test_the_grade_follows_from_n_and_the_interval():
    def offer(n, low=None, high=None, judged=False):
        return Proposal("k", "says", n=n, low=low, high=high, judged=judged)

    assert grade_of(offer(100, 1, 2)) is Grade.A
    assert grade_of(offer(99, 1, 2)) is Grade.B
    assert grade_of(offer(500)) is Grade.B
    assert grade_of(offer(12, 1, 2, judged=True)) is Grade.D


def test_adopting_writes_finding_evidence_and_fields_in_one_operation(live):
    offered = scores(live).proposals
    assert offered
    before = live.revision
    live.take(offered)
    operations = {r.operation for r in live.history if r.sequence > before}
    assert len(operations) == 1
    need = live.plan.item("test-alone")
    row = scores(live).table.set_index("id").loc["test-alone"]
    assert need.importance == pytest.approx(row["importance"], abs=0.005)
    finding = live.plan.item("opportunity-test-alone")
    assert finding.figure == pytest.approx(row["opportunity"], abs=1e-4)
    assert (finding.n, finding.grade, finding.adopted) == (int(row["n"]), Grade.A, date.today())
    assert finding.fingerprint == live.workspace.fingerprint(finding.study, live.plan)
    assert finding.conventions
    assert "opportunity-test-alone" in [str(e.finding) for e in need.evidence]
    assert scores(live).proposals == ()
    # Once more changes nothing: the finding and its evidence are renewed in place.
    live.take(offered)
    assert len([e for e in live.plan.item("test-alone").evidence if e.finding == finding.id]) == 1


def shown(live, path):
    cards = form_content(live.plan, "needs", live.form, live.around)["cards"]
    return next(f for card in cards for f in card["fields"] if f["path"] == path)["evidence"]


def test_an_adopted_figure_says_so_and_one_typed_over_is_judgement_again(live):
    path = "/needs/test-alone/importance"
    live.take(scores(live).proposals)
    assert shown(live, path)["kind"] == "observed"
    assert "n = 180" in shown(live, path)["text"]
    live.edit(path, "9")
    assert shown(live, path) == {"kind": "assumed", "text": "judgement, grade D"}
    assert path not in live.plan.item("opportunity-test-alone").fills
    assert "/needs/test-alone/satisfaction" in live.plan.item("opportunity-test-alone").fills
    assert scores(live).proposals  # the survey still says otherwise


def test_another_table_makes_the_finding_stale_and_offers_the_figures_anew(live, tmp_path):
    live.take(scores(live).proposals)
    study = live.plan.item(live.plan.item("opportunity-test-alone").study)
    table = live.workspace.table(study.table)
    lines = table.read_text().splitlines()
    (tmp_path / "needs-survey.csv").write_text("\n".join(lines[: len(lines) // 2]) + "\n")
    live.edit(f"/studies/{study.id}/table", live.workspace.add_table(tmp_path / "needs-survey.csv"))
    assert "opportunity-test-alone" in {one.node for one in live.stale}
    assert scores(live).proposals
    live.take(scores(live).proposals)
    assert "opportunity-test-alone" not in {one.node for one in live.stale}
    assert live.plan.item("opportunity-test-alone").n == 90


def test_a_vote_is_judgement_however_many_voted():
    plan = Plan.model_validate({"needs": {"a": {"name": "A"}}})
    vote = Proposal("vote-a", "A: 8", figure=8, n=12, item="/needs/a", fills={"/needs/a/importance": 8}, judged=True)
    edits = adopted(plan, [vote], day=date(2027, 1, 2), fingerprints={})
    plan = Plan.model_validate(after({"needs": {"a": {"name": "A"}}}, edits))
    assert plan.item("vote-a").grade is Grade.D
    assert is_adopted(plan, vote)
    assert not is_adopted(Plan.model_validate({"needs": {"a": {}}}), vote)
    assert Edit("/needs/a/importance", 8) in edits


def test_the_command_does_what_the_button_does(live):
    from click.testing import CliRunner

    from workbook.cli import main

    asked = ["adopt", "adaptive-test", "opportunity_scores", "--workspace", str(live.workspace.folder)]
    told = CliRunner().invoke(main, asked)
    assert told.exit_code == 0, told.output
    live.poll()
    assert scores(live).proposals == ()
    assert "0 figures adopted" in CliRunner().invoke(main, asked).output
    wrong = CliRunner().invoke(
        main, ["adopt", "adaptive-test", "opportunity_score", "--workspace", str(live.workspace.folder)]
    )
    assert wrong.exit_code == 1
    assert "opportunity_scores" in wrong.output
