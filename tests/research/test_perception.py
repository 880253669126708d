import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.studies.adaptive_test import ADAPTIVE_TEST
from data.studies.forno_aurora import FORNO_AURORA
from workbook.errors import AnalysisError, TableError
from workbook.research.perception import perceptual_map

approx = pytest.approx

# Greenacre's smoking data: staff groups by how much they smoke (Theory and Applications of Correspondence Analysis, 1984).
SMOKING = {
    "senior managers": (4, 2, 3, 2),
    "junior managers": (4, 3, 7, 4),
    "senior employees": (25, 10, 12, 4),
    "junior employees": (18, 24, 33, 13),
    "secretaries": (10, 6, 7, 2),
}


def associations(brands, attributes=("none", "light", "medium", "heavy")):
    return pd.DataFrame(
        [(brand, name, count) for brand, row in brands.items() for name, count in zip(attributes, row, strict=True)],
        columns=["brand", "attribute", "count"],
    )


def test_the_smokers_have_the_published_inertia_coordinates_and_quality():
    answer = perceptual_map(associations(SMOKING))
    assert answer.figures["inertia"] == approx([0.0748, 0.0100, 0.0004], abs=5e-5)
    rows = answer.rows.set_index("name")
    # Principal coordinates and qualities as printed, signs aside.
    for name, x, y, quality in (
        ("senior managers", 0.066, 0.194, 0.893),
        ("senior employees", 0.381, 0.011, 1.000),
        ("none", 0.393, 0.030, 1.000),
        ("light", 0.099, 0.141, 0.984),
    ):
        assert (abs(rows.loc[name, "x"]), abs(rows.loc[name, "y"])) == approx((x, y), abs=6e-4)
        assert rows.loc[name, "quality"] == approx(quality, abs=6e-4)
    assert answer.n == 193
    assert rows["kind"].tolist() == ["brand"] * 5 + ["attribute"] * 4


counts = st.lists(st.lists(st.integers(1, 60), min_size=4, max_size=4), min_size=2, max_size=6)


@settings(max_examples=25, deadline=None)
@given(counts, st.integers(0, 9), st.integers(2, 9))
def test_inertia_is_chi_squared_over_n_and_ignores_order_and_scale(table, seed, times):
    values = np.array(table, dtype=float)
    expected = np.outer(values.sum(axis=1), values.sum(axis=0)) / values.sum()
    chi_squared = ((values - expected) ** 2 / expected).sum()
    if chi_squared < 1e-6:
        return
    long = associations({f"b{i}": row for i, row in enumerate(table)})
    answer = perceptual_map(long)
    assert answer.figures["total_inertia"] == approx(chi_squared / values.sum())
    assert len(answer.figures["inertia"]) == min(values.shape) - 1
    assert answer.rows["quality"].between(0, 1 + 1e-9).all()
    turned = perceptual_map(long.assign(count=long["count"] * times).sample(frac=1, random_state=seed))
    assert turned.figures["inertia"] == approx(answer.figures["inertia"], abs=1e-9)


@pytest.mark.parametrize("company", [ADAPTIVE_TEST, FORNO_AURORA], ids=lambda company: company.plan)
def test_the_true_map_of_the_sample_studies_comes_back(company):
    answer = perceptual_map(pd.read_csv(f"data/samples/tables/{company.plan}-brands.csv"))
    truth = perceptual_map(
        associations(
            {brand: [1000 * c for c in row.values()] for brand, row in company.associations.chances.items()},
            attributes=list(next(iter(company.associations.chances.values()))),
        )
    )
    both = answer.rows.merge(truth.rows, on=["kind", "name"])
    assert np.corrcoef(both["x_x"], both["x_y"])[0, 1] ** 2 > 0.9
    assert answer.figures["total_inertia"] == approx(truth.figures["total_inertia"], rel=0.35)


def test_two_brands_make_a_line_and_pairs_left_out_count_nothing():
    answer = perceptual_map(associations({"ours": (9, 1, 0, 4), "theirs": (2, 8, 0, 4)}).query("count > 0"))
    assert set(answer.rows["y"]) == {0.0}
    assert answer.figures["shown"] == approx(1)
    assert set(answer.rows["name"]) == {"ours", "theirs", "none", "light", "heavy"}
    assert any("line" in warning for warning in answer.warnings)


def test_brands_and_attributes_without_a_count_are_named_and_left_out():
    table = associations(SMOKING | {"visitors": (0, 0, 0, 0)})
    answer = perceptual_map(table)
    assert "visitors" not in set(answer.rows["name"])
    assert any("visitors" in warning for warning in answer.warnings)
    assert answer.figures["inertia"] == approx([0.0748, 0.0100, 0.0004], abs=5e-5)


def test_rows_that_cannot_count_are_left_out_by_reason():
    bad = pd.DataFrame(
        [(None, "none", 3), ("x", "light", -2), ("x", "light", "many")], columns=["brand", "attribute", "count"]
    )
    answer = perceptual_map(pd.concat([associations(SMOKING), bad]))
    assert list(answer.excluded.values()) == [1, 2]


def test_points_the_map_hardly_shows_are_named():
    rng = np.random.default_rng(3)
    table = associations({f"b{i}": rng.integers(1, 40, 9) for i in range(9)}, [f"a{i}" for i in range(9)])
    answer = perceptual_map(table)
    assert (answer.rows["quality"] < 0.5).any()
    assert any("less than half" in warning for warning in answer.warnings)


def test_conditions_without_an_answer_are_named():
    with pytest.raises(AnalysisError, match="two brands"):
        perceptual_map(associations({"ours": (9, 1, 0, 4)}))
    with pytest.raises(AnalysisError, match="same profile"):
        perceptual_map(associations({"ours": (1, 2, 3, 4), "theirs": (2, 4, 6, 8)}))
    with pytest.raises(AnalysisError, match="two brands"):
        perceptual_map(associations({"ours": (0, 0, 0, 0), "theirs": (0, 0, 0, 0)}))
    with pytest.raises(TableError, match="count"):
        perceptual_map(associations(SMOKING).drop(columns="count"))
