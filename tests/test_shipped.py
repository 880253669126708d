"""What comes with the package is found, in a checkout and in an installed package."""

import pytest

from workbook import shipped as module
from workbook.errors import WorkbookError
from workbook.shipped import shipped


@pytest.mark.parametrize("name", ["notebooks", "data"])
def test_a_checkout_has_its_folders_beside_the_package(name):
    assert shipped(name) == module._PACKAGE.parent / name


def test_an_installed_package_has_its_folders_inside(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "workbook")
    inside = tmp_path / "workbook" / "_shipped" / "data"
    inside.mkdir(parents=True)
    (tmp_path / "data").mkdir()
    assert shipped("data") == inside


def test_another_package_s_folder_beside_ours_is_not_taken_for_ours(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "workbook")
    (tmp_path / "data").mkdir()
    with pytest.raises(WorkbookError, match='"data" did not come with'):
        shipped("data")
