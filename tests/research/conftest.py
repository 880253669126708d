"""The synthetic studies: their tables, and what is true in them."""

from pathlib import Path

import pandas as pd
import pytest

from data.studies.adaptive_test import ADAPTIVE_TEST
from data.studies.forno_aurora import FORNO_AURORA

TABLES = Path(__file__).resolve().parents[2] / "data" / "samples" / "tables"


@pytest.fixture(params=[ADAPTIVE_TEST, FORNO_AURORA], ids=lambda company: company.plan)
def company(request):
    return request.param


@pytest.fixture
def study(company):
    return lambda name: pd.read_csv(TABLES / f"{company.plan}-{name}.csv")
