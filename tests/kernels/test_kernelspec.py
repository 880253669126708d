"""The kernelspec is found from a checkout, a wheel and an empty folder, and writes nothing in anybody's home."""

import gc
import json
import os
import tomllib
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from workbook.kernels.kernelspec import KERNEL, PROVISIONER, SPECS, BatchKernel, KernelSpecs
from workbook.kernels.provisioner import WorkbookProvisioner
from workbook.pages import KERNELSPEC

ROOT = Path(__file__).parents[2]


def test_the_kernelspec_is_found_without_an_installed_copy_and_before_one(monkeypatch, tmp_path):
    old = tmp_path / "kernels" / KERNEL
    old.mkdir(parents=True)
    (old / "kernel.json").write_text(json.dumps({"argv": ["old"], "display_name": "Old", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    spec = KernelSpecs().get_kernel_spec(KERNEL)
    assert spec.resource_dir == str(SPECS / KERNEL)
    assert spec.metadata["kernel_provisioner"]["provisioner_name"] == PROVISIONER.name
    assert set(KernelSpecManager().find_kernel_specs()) <= set(KernelSpecs().get_all_specs())
    assert PROVISIONER.load() is WorkbookProvisioner


def test_the_provisioner_is_there_for_an_installation_whose_metadata_is_older(monkeypatch):
    monkeypatch.setattr(KernelProvisionerFactory, "provisioners", {})
    monkeypatch.setattr(KernelProvisionerFactory, "_get_provisioner", lambda self, name: 1 / 0)
    assert KernelSpecs().get_kernel_spec(KERNEL).display_name == "Marketing workbook"


def test_the_project_declares_the_provisioner_and_installs_the_kernelspec():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["entry-points"][PROVISIONER.group] == {PROVISIONER.name: PROVISIONER.value}
    installed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert installed == {(SPECS / KERNEL).relative_to(ROOT).as_posix(): f"share/jupyter/kernels/{KERNEL}"}


def test_a_workspaces_notebooks_name_the_kernelspec_and_those_that_ship_the_one_every_jupyter_has():
    spec = KernelSpecs().get_kernel_spec(KERNEL)
    assert {"name": KERNEL, "display_name": spec.display_name, "language": spec.language} == KERNELSPEC
    shipped = [json.loads(path.read_text("utf-8"))["metadata"] for path in (ROOT / "notebooks").glob("*.ipynb")]
    assert {metadata["kernelspec"]["name"] for metadata in shipped} == {"python3"}


def test_a_batch_kernel_listens_in_a_folder_only_its_user_can_read_and_takes_it_along():
    manager = BatchKernel(kernel_name=KERNEL)
    folder = Path(manager.connection_file).parent
    assert manager.transport == "ipc"
    assert manager.ip.startswith(str(folder))
    assert folder.stat().st_mode & 0o077 == 0
    manager.write_connection_file()
    del manager
    gc.collect()
    assert not os.path.exists(folder)
