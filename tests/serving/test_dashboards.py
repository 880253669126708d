"""Kernels work beside the plans, end with their page or with the server, and are never replaced by empty ones."""

import signal
import time
from pathlib import Path

import psutil
import pytest
from serving.serving_process import start, stop, until

pytestmark = [pytest.mark.network, pytest.mark.slow]

PAGE = "/voila/render/01_personas.ipynb"


@pytest.fixture
def impatient(served_workspace):
    """Return a server that ends a kernel left alone for a second."""
    running = start(served_workspace, LEFT_ALONE=1, LOOK_EVERY=1)
    running.ask(f"/?token={running.token}", signed_in=False)
    yield running
    if running.process.poll() is None:
        stop(running)


@pytest.fixture
def patient(served_workspace):
    running = start(served_workspace)
    running.ask(f"/?token={running.token}", signed_in=False)
    yield running
    if running.process.poll() is None:
        stop(running)


def kernels(server) -> list[psutil.Process]:
    return [psutil.Process(pid) for pid in server.kernels]


def test_a_kernel_starts_in_the_folder_of_the_notebooks_and_hears_no_token(patient):
    patient.ask(f"{PAGE}?plan=hostile&token={patient.token}")
    patient.ask(f"{PAGE}?plan=hostile")
    (kernel,) = kernels(patient)
    assert Path(kernel.cwd()) == patient.workspace.folder / "notebooks"
    assert patient.token not in str(kernel.environ()) + str(kernel.cmdline())


def test_a_kernel_without_a_page_is_ended(impatient):
    kernel = impatient.kernel_of(impatient.ask(PAGE))
    assert until(lambda: impatient.ask(f"/api/kernels/{kernel}").status == 404)
    assert until(lambda: not kernels(impatient))


def test_a_kernel_that_died_is_not_replaced(patient):
    kernel = patient.kernel_of(patient.ask(PAGE))
    assert until(lambda: len(kernels(patient)) == 1)
    time.sleep(3)
    kernels(patient)[0].kill()
    assert until(lambda: patient.ask(f"/api/kernels/{kernel}").status == 404)
    assert not kernels(patient)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_the_server_and_every_kernel(patient, sign):
    for _ in range(2):
        patient.ask(PAGE)
    before = kernels(patient)
    keys = list(patient.temporary.glob("workbook-serving-*/kernel-*.json"))
    assert (len(before), len(keys)) == (2, 2)
    patient.process.send_signal(sign)
    assert patient.process.wait(timeout=20) == 0
    assert until(lambda: not any(kernel.is_running() and kernel.status() != psutil.STATUS_ZOMBIE for kernel in before))
    assert not list(patient.temporary.iterdir())
