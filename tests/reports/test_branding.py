"""A house's look: read from the workspace, checked, and what was done otherwise said."""

from io import BytesIO

import pytest
from PIL import Image

from workbook.errors import StoreError
from workbook.plan.workspace import Workspace
from workbook.reports.branding import PLAIN, BrandError, brand_of
from workbook.reports.labels import contrast

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">{}</svg>'


@pytest.fixture
def branded(tmp_path):
    """Return a function that writes ``[brand]`` and files of a workspace, and reads the brand."""

    def read(lines="", **files):
        workspace = Workspace.create(tmp_path / "work")
        for name, content in files.items():
            (workspace.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        (workspace.folder / "workbook.toml").write_text(f"format = 1\n[brand]\n{lines}\n", "utf-8")
        return brand_of(workspace.folder)

    return read


def picture(kind="PNG", size=(60, 20)):
    kept = BytesIO()
    Image.new("RGB", size, "#7a1f5c").save(kept, kind)
    return kept.getvalue()


def test_a_workspace_without_a_brand_has_the_workbooks_own_look(branded):
    assert branded() == PLAIN
    assert brand_of(None) is PLAIN
    assert PLAIN.remarks == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pictures_of_every_kind_become_png(branded, kind):
    logo = branded('logo = "logo"', logo=picture(kind)).logo
    assert (logo.kind, logo.ratio) == ("png", 3)
    assert logo.png.startswith(b"\x89PNG")


def test_a_large_picture_is_made_smaller(branded):
    with Image.open(BytesIO(branded('logo = "logo"', logo=picture(size=(4000, 1000))).logo.png)) as kept:
        assert kept.size == (1200, 300)


def test_a_drawing_is_kept_as_it_is(branded):
    logo = branded('logo = "logo"', logo=SVG.format('<path d="M0 0h9"/>')).logo
    assert (logo.kind, logo.ratio) == ("svg", 2)
    assert logo.png.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"%PDF-1.7",
        picture()[:60],
        b"x" * 2_000_001,
        SVG.format("<script>x()</script>"),
        SVG.format('<image href="https://a.example/i.png"/>'),
        SVG.format('<image href="file:///etc/passwd"/>'),
        SVG.format("<style>@import url(https://a.example)</style>"),
        SVG.format('<rect onload="x()"/>'),
        SVG.format('<rect fill="url(https://a.example)"/>'),
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;"),
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        "<svg",
    ],
    ids=range(14),
)
def test_a_logo_that_is_no_picture_or_loads_something_is_refused_in_a_sentence(branded, content):
    with pytest.raises(BrandError, match=r"logo.png is no picture"):
        branded('logo = "logo.png"', **{"logo.png": content})


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('logo = "nowhere.png"', "nowhere.png.*not in the workspace"),
        ('logo = "../../etc/passwd"', "not in the workspace"),
        ('template = "/etc/passwd"', "not in the workspace"),
        ('colour = "red"', "must be written as #7a1f5c"),
        ("colour = 3", "text between quotes"),
        ('color = "#fff"', "“color” is not one of name, logo, colour"),
    ],
)
def test_a_setting_that_cannot_be_used_is_said(branded, lines, said):
    with pytest.raises(BrandError, match=said):
        branded(lines)


def test_a_file_that_is_no_toml_is_said(branded):
    with pytest.raises(StoreError, match="cannot be read"):
        branded("colour = ")


def test_a_colour_too_pale_to_read_is_darkened_and_that_is_said(branded):
    brand = branded('colour = "#fc0"')
    assert (brand.colour, brand.ground_ink) == ("#ffcc00", "#1d2433")
    assert contrast(brand.ink, "#ffffff") >= 4.5
    (remark,) = brand.remarks
    assert "#ffcc00 has a contrast of 1.5:1" in remark


def test_a_colour_that_can_be_read_is_used_as_it_is(branded):
    brand = branded('colour = "#7a1f5c"')
    assert (brand.ink, brand.ground_ink, brand.remarks) == ("#7a1f5c", "#ffffff", [])


def test_a_font_that_is_missing_is_said_and_another_taken(branded):
    brand = branded('font = "Nonesuch Grotesk"')
    (remark,) = brand.remarks
    assert "Nonesuch Grotesk" in remark
    assert brand.families[0] in remark
    assert "Nonesuch Grotesk" not in brand.families


def test_a_brand_that_changes_is_another_brand(branded):
    plain, named = branded().fingerprint, branded('name = "A"').fingerprint
    drawn = branded('name = "A"\nlogo = "logo"', logo=picture()).fingerprint
    assert plain == ""
    assert len({named, drawn, branded('name = "A"\nlogo = "logo"', logo=picture(size=(9, 9))).fingerprint}) == 3
    assert branded('name = "A"').fingerprint == named


def test_reports_of_another_brand_are_written_anew(tmp_path):
    from workbook.pages import made_workspace
    from workbook.reports.batch import Job
    from workbook.reports.manifest import fingerprints

    workspace = made_workspace(tmp_path, samples=True)
    given = Job("adaptive-test", "en"), workspace.log.plan("adaptive-test")[0], (), workspace
    before = fingerprints(*given)
    (workspace.folder / "workbook.toml").write_text('format = 1\n[brand]\ncolour = "#7a1f5c"\n')
    assert fingerprints(*given) != before
    workspace.log.close()
