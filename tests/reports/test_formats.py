"""Every format from the same notebook: whole files or none, both languages, plans with little in them, no font."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import zipfile
from dataclasses import replace
from html import unescape
from threading import Thread
from xml.etree import ElementTree

import nbformat
import pytest
from report_samples import PLAN, awkward_notebook, sample_notebook

from workbook.language import LANGUAGES
from workbook.pages import made_workspace
from workbook.plan.workspace import Workspace
from workbook.reports import batch
from workbook.reports.branding import brand_of
from workbook.reports.document import visible
from workbook.reports.formats import WRITERS, FormatError

STARTS = {"html": b"<!doctype html>", "pdf": b"%PDF", "pptx": b"PK", "xlsx": b"PK", "md": b"# Adaptive test add-on"}

each_format = pytest.mark.parametrize("name", list(WRITERS))


@each_format
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_a_file_of_its_kind_in_each_language(name, language, tmp_path):
    WRITERS[name](sample_notebook(), tmp_path / "deep" / f"a.{name}", replace(PLAN, language=language))
    assert (tmp_path / "deep" / f"a.{name}").read_bytes().startswith(STARTS[name])
    assert [path.name for path in (tmp_path / "deep").iterdir()] == [f"a.{name}"]


@each_format
def test_a_place_that_takes_no_file_is_said_in_a_sentence(name, tmp_path):
    (tmp_path / "taken").write_text("a file where a folder should be")
    with pytest.raises(FormatError, match=r"taken.* cannot be written .*Choose another folder with --out"):
        WRITERS[name](sample_notebook(), tmp_path / "taken" / f"a.{name}", PLAN)


@each_format
def test_a_full_disk_leaves_the_file_that_was_there(name, tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    (tmp_path / f"a.{name}").write_bytes(b"before")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FormatError, match="No space left"):
        WRITERS[name](sample_notebook(), tmp_path / f"a.{name}", PLAN)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(f"a.{name}", b"before")]


@each_format
def test_a_brand_with_a_font_that_is_nowhere_still_gives_a_report(name, tmp_path):
    home = Workspace.create(tmp_path / "work").folder
    (home / "workbook.toml").write_text('format = 1\n[brand]\nfont = "Nonesuch"\ncolour = "#fc0"\nname = "<Ä & B>"\n')
    WRITERS[name](sample_notebook(), tmp_path / f"a.{name}", replace(PLAN, workspace=home, plan=""))
    assert (tmp_path / f"a.{name}").stat().st_size > 500
    assert len(brand_of(home).remarks) == 2


@pytest.mark.slow
@pytest.mark.parametrize(("plan", "language"), [("bare", "en"), ("forno-aurora", "en"), ("adaptive-test", "it")])
def test_plans_are_written_in_every_format(plan, language, tmp_path):
    """A plan with nothing but a charter; an Italian plan in an English report, and the other way round."""
    workspace = made_workspace(tmp_path / "work", samples=True)
    if plan == "bare":
        workspace.new_plan("bare", "Bare")
    batch.run_page(batch.Job(plan, language), workspace, tmp_path / "report.ipynb")
    executed = nbformat.read(tmp_path / "report.ipynb", as_version=4)
    assert not any(o.output_type == "error" for cell in executed.cells for o in cell.get("outputs", ()))
    document = replace(PLAN, title=plan, language=language, plan=plan, workspace=workspace.folder)
    for name in WRITERS:
        WRITERS[name](executed, tmp_path / f"a.{name}", document)
        assert (tmp_path / f"a.{name}").stat().st_size > 1_000
    workspace.log.close()


ASKING = """
import json, sys
import nbformat, vl_convert
from pathlib import Path
from workbook.reports.formats import WRITERS, Document
if sys.argv[1] == "chart":
    try:
        vl_convert.vegalite_to_svg(json.loads(sys.argv[3]))
    except ValueError:
        pass  # the listener hangs up
else:
    WRITERS[sys.argv[1]](nbformat.read(sys.argv[2], 4), Path(sys.argv[2]).with_suffix("." + sys.argv[1]), Document("A", "en"))
"""


@pytest.mark.slow
@pytest.mark.network
@pytest.mark.parametrize("name", ["chart", *WRITERS])
def test_B5_no_format_asks_anybody_for_anything(name, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        here = f"http://127.0.0.1:{listener.getsockname()[1]}"
        nbformat.write(
            awkward_notebook([f"{here}/x.png", f"<img src={here}/x.png>", f"![x]({here}/x.png)"]), tmp_path / "a.ipynb"
        )
        # Whatever asks for a page elsewhere comes here as well.
        everywhere = {f"{kind}_proxy": here for kind in ("http", "https", "all", "HTTP", "HTTPS", "ALL")}
        loading = {"data": {"url": f"{here}/x.json"}, "mark": "point", "encoding": {"x": {"field": "a"}}}
        came: list[bool] = []

        def count() -> None:
            with contextlib.suppress(OSError):
                while True:
                    listener.accept()[0].close()
                    came.append(True)

        Thread(target=count, daemon=True).start()
        command = [sys.executable, "-c", ASKING, name, str(tmp_path / "a.ipynb"), json.dumps(loading)]
        subprocess.run(command, check=True, timeout=120, env=os.environ | everywhere)
    # A chart that loads something is seen by the listener, which is how we know that it sees.
    assert bool(came) is (name == "chart")


LONG, CONTROLS = "word " * 2_000, "before\x00\x07\x1b[31m\x0b\x85\ufffe\ud800after"
AROUND = "\u202egnirts\u202c \u2066desrever\u2069"


def said_by(name, path):
    """Return all that a report says, as far as it can be read back without a viewer."""
    content = path.read_bytes()
    if name in ("html", "md"):
        return unescape(content.decode())
    if name == "pdf":
        read = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, timeout=60)
        return read.stdout.decode()
    with zipfile.ZipFile(path) as archive:
        parts = [ElementTree.fromstring(archive.read(part)) for part in archive.namelist() if part.endswith(".xml")]
    return "\n".join("".join(part.itertext()) for part in parts)


@each_format
@pytest.mark.parametrize("text", [LONG, CONTROLS, AROUND], ids=["ten thousand characters", "controls", "turned round"])
def test_B9_a_text_that_no_file_holds_is_kept_as_far_as_one_does(name, text, tmp_path):
    WRITERS[name](awkward_notebook([text]), tmp_path / f"a.{name}", PLAN)
    said = said_by(name, tmp_path / f"a.{name}")
    assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\ufffe\ud800-\udfff]", said)
    wanted = visible(text).split()
    if text is LONG:
        # A page of paper or a slide shows the beginning; slides have it whole in their notes.
        assert said.count("word") >= (700 if name == "pdf" else 2_000)
    else:
        assert all(word in said for word in re.findall(r"\w+", " ".join(wanted)))
