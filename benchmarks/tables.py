"""Tables beside what reads them without a question: a purchase log of ten million rows, and a spreadsheet."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parent.parent
CUSTOMERS, PURCHASES, DAYS = 1_000_000, 10_000_000, 1_000

READ = """
import json, re, sys, time
from pathlib import Path
start, worked = time.perf_counter(), time.process_time()
from workbook.analyses import analysis
entry = analysis("lifetime-value")
table = entry.read(Path(sys.argv[1]))
read = time.perf_counter() - start
answer = entry.answer(table)
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps([read, time.perf_counter() - start, time.process_time() - worked, peak, answer.n]))
"""

SCAN = """
import sys, time
start = time.perf_counter()
import duckdb
duckdb.sql("SET enable_progress_bar = false")
duckdb.sql("SELECT count(*), sum(amount), max(date) FROM read_csv(?)", params=[sys.argv[1]]).fetchall()
print(time.perf_counter() - start)
"""


@dataclass(frozen=True)
class Reading:
    """Seconds to read and to answer, seconds of work of all cores, MiB at the peak, customers."""

    read: float
    answered: float
    worked: float
    peak: float
    customers: int


@cache
def purchases() -> Path:
    """Make ten million purchases of a million customers: gamma rates, lives that end, amounts with two decimals."""
    import duckdb
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(1)
    start = rng.integers(0, 700, CUSTOMERS)
    span = np.minimum(DAYS - start, rng.geometric(0.003, CUSTOMERS))
    counts = 1 + rng.poisson(rng.gamma(0.6, 1 / 17, CUSTOMERS) * span)
    who = np.repeat(np.arange(CUSTOMERS, dtype=np.int32), counts)
    after = (rng.random(len(who)) * span[who]).astype(np.int32)
    after[np.r_[0, np.cumsum(counts)[:-1]]] = 0
    amount = np.round(rng.gamma(6, 1 / 6, len(who)) * rng.gamma(4, 10, CUSTOMERS)[who] + 1, 2)
    log = pd.DataFrame({"who": who, "day": start[who] + after, "amount": amount}).sort_values("day", kind="stable")
    log = log.head(PURCHASES)
    if len(log) < PURCHASES:
        raise ValueError(f"only {len(log)} purchases drawn")
    file = Path(tempfile.mkdtemp(prefix="workbook-bench-")) / "purchases.csv"
    duckdb.sql(
        f"COPY (SELECT 'c' || who AS customer, DATE '2024-01-01' + day::INTEGER AS date, amount FROM log) "
        f"TO '{file}' (HEADER)"
    )
    return file


def lifetime_value(file: Path) -> Reading:
    """Return what it takes to work out lifetime value from the log, in a Python of its own."""
    return Reading(*json.loads(_asked(READ, file)))


def scan(file: Path) -> float:
    """Return the seconds DuckDB takes to read the log and to add it up."""
    return float(_asked(SCAN, file))


def _asked(program: str, file: Path) -> str:
    asked = subprocess.run([sys.executable, "-c", program, file], cwd=ROOT, check=True, capture_output=True, text=True)
    return asked.stdout


def spreadsheet_times(rows: int = 50_000) -> tuple[float, float]:
    """Return seconds to read and check a spreadsheet of this many rows, and those of calamine alone."""
    import xlsxwriter
    from python_calamine import CalamineWorkbook

    from workbook.tables import TableColumn, read_table

    file = Path(tempfile.mkdtemp(prefix="workbook-bench-")) / "answers.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["respondent", "need", "importance", "satisfaction"])
        for row in range(1, rows + 1):
            sheet.write_row(row, 0, [f"r{row // 8}", f"n{row % 8}", row % 10 + 1, row % 7 + 1])
    columns = (
        *(TableColumn(name, "") for name in ("respondent", "need")),
        *(TableColumn(name, "", "number", 1, 10) for name in ("importance", "satisfaction")),
    )
    start = perf_counter()
    read_table(file, columns)
    checked = perf_counter()
    CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    return checked - start, perf_counter() - checked
