"""What an analysis refuses, it refuses with figures one can act on."""

import pytest

from workbook.analyses import analysis
from workbook.errors import AnalysisError, ParameterError


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"power": 1}, "--power is 1, but must lie between 0.01 and 0.9999"),
        ({"daily_users": 0}, "--daily-users is 0, but must be 0.01 or more"),
    ],
)
def test_a_number_out_of_range_is_told_the_range_to_the_last_digit(options, says):
    with pytest.raises(ParameterError, match=says):
        analysis("sample-size").answer(baseline=0.2, effect=0.05, **options)


def test_a_refusal_names_the_rows_that_were_left_out_before(tmp_path):
    path = tmp_path / "test.csv"
    path.write_text("variant,users,conversions\na,100,4\nb,100,many\n")
    entry = analysis("ab-test")
    with pytest.raises(AnalysisError, match=r"two variants.*“many” in row 3"):
        entry.answer(entry.read(path))
