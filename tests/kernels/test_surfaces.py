"""The exhibits of a step are the same on a forked and on an ordinary kernel: by papermill, as pages, and in JupyterLab."""

import re

import nbformat
import psutil
import pytest
from kernels.kernel_process import runs, soon
from serving.lab_process import run_all, running_lab, scrolled_to
from serving.serving_process import start, stop

from workbook.exhibits import MIME
from workbook.kernels import forking
from workbook.pages import made_workspace
from workbook.reports.batch import Job, run_page
from workbook.steps import PAGES

pytestmark = pytest.mark.skipif(not forking.FORKS, reason="kernels are forked on Linux only")

KINDS = ("forked", "plain")
AGO = re.compile(r"\d+ \w+ ago")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return made_workspace(tmp_path_factory.mktemp("surfaces") / "team", samples=True)


def same(monkeypatch, drawn):
    """Require that ``drawn()`` gives the same by both kinds of kernel, and return it."""
    found = []
    for kind in KINDS:
        monkeypatch.setenv(forking.SWITCH, kind)
        found.append(drawn())
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize(
    "step", [pytest.param(page.key, marks=[] if page.key == "08_channels" else pytest.mark.slow) for page in PAGES]
)
def test_papermill_gives_the_same_exhibits(step, workspace, monkeypatch, tmp_path):
    def drawn():
        run_page(Job("adaptive-test", "en", page=step), workspace, tmp_path / "out.ipynb")
        cells = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells
        outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
        shown = [data[MIME] for data in outputs if MIME in data]
        # How long ago the last change was is another minute by the time the second kind has run.
        return [{**exhibit, "finding": AGO.sub("some time ago", exhibit["finding"])} for exhibit in shown]

    assert len(same(monkeypatch, drawn)) >= 2


EXHIBITS = """() => [...document.querySelectorAll('.wb-exhibit')].map((card) => {
  const shown = card.cloneNode(true);
  shown.querySelectorAll('svg, canvas, button').forEach((part) => part.remove());
  const marks = card.querySelectorAll('.wb-drawing path, .wb-drawing text').length;
  return [card.dataset.name, shown.textContent.replace(/\\s+/g, ' '), marks];
})"""


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.network
def test_a_page_shows_the_same_exhibits(workspace, monkeypatch, watched_page):
    def drawn():
        server = start(workspace)
        try:
            page, _ = watched_page(1440)
            page.goto(f"{server.address}/?token={server.token}")
            page.goto(f"{server.address}/voila/render/08_channels.ipynb?plan=adaptive-test")
            page.wait_for_selector("html[data-live]", state="attached", timeout=60_000)
            page.wait_for_function(
                "() => [...document.querySelectorAll('.wb-exhibit')].every((e) => e.matches('[data-drawn]'))"
            )
            return page.evaluate(EXHIBITS)
        finally:
            stop(server)

    assert {name for name, *_ in same(monkeypatch, drawn)} >= {"screening", "response_curves", "budget_split"}


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.network
def test_jupyterlab_shows_the_same_exhibits(workspace, monkeypatch, watched_page, free_port, tmp_path):
    names = ("open_points", "persona_cards", "segment_attractiveness")

    def drawn():
        with running_lab(workspace, free_port, tmp_path) as address:
            page, _ = watched_page(1440)
            page.goto(address.replace("00_charter", "01_personas"))
            run_all(page)
            found = {}
            for name in names:
                scrolled_to(page, f'.wb-exhibit[data-name="{name}"][data-drawn]')
                found |= {card: rest for card, *rest in page.evaluate(EXHIBITS)}
            return {name: found[name] for name in names}

    same(monkeypatch, drawn)


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.network
def test_a_page_server_that_is_killed_leaves_no_kernel_and_no_template(workspace):
    server = start(workspace)
    assert server.ask(f"/?token={server.token}", signed_in=False).status == 302
    for _ in range(2):
        assert server.ask("/voila/render/00_charter.ipynb?plan=adaptive-test").status == 200

    def below():
        return [process.pid for process in psutil.Process(server.process.pid).children(recursive=True)]

    assert soon(lambda: len(below()) == 3, within=30)  # the template, and two kernels that follow their pages
    begun = below()
    server.process.kill()
    server.process.wait(timeout=10)
    assert soon(lambda: not any(map(runs, begun)), within=5)
