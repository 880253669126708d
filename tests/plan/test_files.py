"""Plan files: what is refused, how it is said, and that a plan comes back equal."""

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.errors import PlanFileError
from workbook.language import speaking
from workbook.plan.files import plan_text, read_plan, read_scenarios, write_atomically, write_plan
from workbook.plan.model import Plan, tree
from workbook.plan.revisions import after
from workbook.shipped import shipped


def refusal(tmp_path, content):
    file = tmp_path / "plan.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(PlanFileError) as refused:
        read_plan(file)
    message = str(refused.value)
    assert str(file) in message
    assert "Nothing was taken from it" in message
    return message


SAMPLES = sorted((shipped("data") / "samples").glob("*.yaml"))


@pytest.mark.parametrize("file", SAMPLES, ids=lambda f: f.stem)
def test_a_sample_plan_is_read_and_written_back_equal(file, tmp_path):
    plan_id, plan = read_plan(file)
    write_plan(plan_id, plan, tmp_path / "again.yaml")
    assert read_plan(tmp_path / "again.yaml") == (plan_id, plan)


def test_what_looks_like_another_type_stays_text(tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_text("segments:\n  a: {name: NO}\n  b: {name: 12:30}\n  c: {name: 1e3}\n  d: {name: 2027-01-01}\n")
    assert [s.name for s in read_plan(file)[1].segments] == ["NO", "12:30", "1e3", "2027-01-01"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "it is empty"),
        (b"\x00\x01\x02\xff", "no text"),
        (b"\x89PNG\r\n\x1a\n\x00", "no text"),
        ("- 1\n- 2\n", "no named fields"),
        ("just words", "no named fields"),
        ("a: [\n", "line 2: not YAML"),
        ("segments:\n  a:\n    name: !!python/object:os.system x\n", "line 3: the tag"),
        ("a: &x 1\nb: *x\n", "aliases"),
        ("segments:\n  a: {}\n  a: {}\n", "line 3: /segments/a stands twice"),
        ("x: " + "[" * 40 + "]" * 40, "nested more than 12 deep"),
        ("plan: ../x\n", "“../x”"),
        ("format: 99\n", "found “99”"),
        ("segments:\n  ../x: {name: a}\n", "lower-case letters"),
        ("segments:\n  a: {customers: many}\n", "/segments/a/customers: found “many”. Enter a whole number."),
        ("segments:\n  a: {custmers: 3}\n", "nearest are: customers"),
        ("segmnts: {}\n", "nearest are: segments"),
        ("segments:\n  a: {name: x, surprise: }\n", "/segments/a/surprise"),
        ("segments: 12:30\n", "/segments: found “12:30”"),
        ("budget: {total: -5}\n", "/budget/total: found “-5”. Enter 0 or more."),
        ("budget: {total: .nan}\n", "/budget/total"),
        ("budget: {total: NaN}\n", "finite"),
        ("budget: {total: 1" + "0" * 400 + "}\n", "finite"),
        ("segments:\n  a: {customers: 1" + "0" * 400 + "}\n", "/segments/a/customers"),
        ("channels:\n  mail: {segments: [enterprize]}\nsegments:\n  enterprise: {}\n", "nearest are: enterprise"),
        ("channels:\n  mail: {}\nsegments:\n  mail: {}\n", "used by /segments/mail too"),
        ("curves:\n  c: {estimate: {low: 3, likely: 2}}\n", "must rise"),
        ("charter: {currency: DOGE}\n", "Choose one of"),
        ("charter: {period: {start: soon}}\n", "2027-01"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_where_what_and_the_way_out(tmp_path, content, said):
    assert said in refusal(tmp_path, content)


def test_a_fault_that_a_form_can_mend_does_not_keep_a_plan_out(tmp_path):
    (tmp_path / "plan.yaml").write_text("budget: {total: 10, reserve: 20}\n")
    assert read_plan(tmp_path / "plan.yaml")[1].budget.reserve == 20


def test_every_refusal_is_worded_in_italian_too(tmp_path):
    (tmp_path / "plan.yaml").write_text("budget: {total: -5}\n")
    with pytest.raises(PlanFileError) as refused:
        read_plan(tmp_path / "plan.yaml")
    with speaking("it"):
        assert "Enter" not in str(refused.value)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    assert "at most" in refusal(tmp_path, b"#" * 5_000_001)


def test_a_missing_file_is_said_plainly(tmp_path):
    with pytest.raises(PlanFileError, match="cannot be read"):
        read_plan(tmp_path / "none.yaml")


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    target = tmp_path / "plan.yaml"
    write_atomically(target, b"old")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\x00"), max_size=60).map(str.strip)
numbers = st.floats(0, 1e12, allow_nan=False)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    segments=st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True),
        st.tuples(names, numbers, st.lists(names.filter(bool), max_size=2)),
        max_size=4,
    ),
    total=numbers,
)
def test_any_plan_comes_back_equal(tmp_path, segments, total):
    data = {
        "segments": {key: {"name": name, "contract_value": value} for key, (name, value, _) in segments.items()},
        "personas": {f"p-{key}": {"goals": goals, "segment": key} for key, (_, _, goals) in segments.items()},
        "budget": {"total": total},
    }
    plan = Plan.model_validate(data)
    file = tmp_path / "any.yaml"
    file.write_text(plan_text("any", plan), encoding="utf-8", newline="")
    assert yaml.safe_load(file.read_text("utf-8"))["plan"] == "any"
    assert read_plan(file) == ("any", plan)


def test_a_scenario_in_a_file_says_only_what_it_changes(tmp_path):
    base = Plan.model_validate({"budget": {"total": 5, "reserve": 1}, "segments": {"a": {"name": "A", "customers": 3}}})
    paid = Plan.model_validate({"budget": {"total": 9}, "segments": {"a": {"name": "A"}, "b": {"name": "B"}}})
    file = tmp_path / "plan.yaml"
    file.write_text(plan_text("trial", base, {"paid": ("Paid", paid)}), "utf-8")
    assert read_plan(file) == ("trial", base)
    title, edits = read_scenarios(file)["paid"]
    assert title == "Paid"
    assert Plan.model_validate(after(tree(base), edits)) == paid
    assert "name: A" in file.read_text().split("scenarios:")[0]
    assert "name: A" not in file.read_text().split("scenarios:")[1]


@pytest.mark.parametrize(
    ("scenarios", "said"),
    [
        ("{paid: {changes: {budget: {total: -1}}}}", "/budget/total"),
        ("{paid: {changes: {budgt: {total: 1}}}}", "nearest are: budget"),
        ("{paid: {changes: {positioning: {segment: gone}}}}", "/positioning/segment"),
    ],
)
def test_a_scenario_that_does_not_fit_its_plan_is_refused(tmp_path, scenarios, said):
    (tmp_path / "plan.yaml").write_text(f"scenarios: {scenarios}\n")
    with pytest.raises(PlanFileError, match=said):
        read_scenarios(tmp_path / "plan.yaml")


@pytest.mark.parametrize("scenarios", ["[1]", "{../x: {}}", "{paid: 3}", "{paid: {surprise: 1}}"])
def test_scenarios_of_another_form_keep_the_file_out(tmp_path, scenarios):
    assert "/scenarios" in refusal(tmp_path, f"scenarios: {scenarios}\n")
