"""Kernels forked from the template do what ordinary ones do, and share nothing with each other."""

import asyncio
import os
import signal
import time

import pytest
from kernels.kernel_process import Kernel, runs, soon

from workbook.kernels import forking

pytestmark = pytest.mark.skipif(not forking.FORKS, reason="kernels are forked on Linux only")


@pytest.fixture(scope="module")
def kernel():
    started = Kernel()
    yield started
    started.end()


@pytest.fixture
def another(tmp_path):
    started = Kernel(env=os.environ | {"ONLY_HERE": "yes"}, cwd=str(tmp_path))
    yield started
    started.end()


def test_a_kernel_is_a_copy_with_the_package_imported(kernel):
    assert kernel.forked
    kernel.reply("import sys; loaded = sorted(sys.modules)")
    assert kernel.value("{'altair', 'ipywidgets', 'pandas', 'workbook.forms.session'} <= set(loaded)") == "True"
    assert kernel.value("sys.argv[0]").strip("'").endswith("ipykernel_launcher")
    assert kernel.value("sys.modules['__main__'].__name__, 'be_kernel' in globals()") == "('__main__', False)"


def test_two_kernels_share_no_random_state(kernel, another):
    drawn = "import random, uuid, numpy as np; got = [random.random(), np.random.random(), uuid.uuid4().hex]"
    for one in (kernel, another):
        assert one.reply(drawn)["content"]["status"] == "ok"
    ours, theirs = (eval(one.value("[repr(value) for value in got]")) for one in (kernel, another))
    assert not set(ours) & set(theirs)


def test_two_kernels_have_their_own_environment_folder_and_modules(kernel, another, tmp_path):
    assert another.value("__import__('os').environ['ONLY_HERE'], __import__('os').getcwd()") == f"('yes', '{tmp_path}')"
    assert kernel.value("'ONLY_HERE' in __import__('os').environ") == "False"
    another.reply("import workbook, os; workbook.mark = 1; os.environ['LATER'] = 'x'")
    assert (
        kernel.value("hasattr(__import__('workbook'), 'mark'), 'LATER' in __import__('os').environ") == "(False, False)"
    )
    # What keeps linear algebra of the template to one thread is no part of a kernel's environment.
    assert kernel.value("__import__('os').environ.get('OPENBLAS_NUM_THREADS')") == repr(
        os.environ.get("OPENBLAS_NUM_THREADS")
    )


def test_an_interrupt_stops_a_sleeping_cell_and_the_kernel_answers_afterwards(another):
    asked = another.client.execute("import time; time.sleep(50)")
    began = time.monotonic()
    another.run(another.client.get_iopub_msg(timeout=10))
    time.sleep(0.3)
    another.run(another.manager.interrupt_kernel())
    while (reply := another.run(another.client.get_shell_msg(timeout=10)))["parent_header"].get("msg_id") != asked:
        pass
    assert (reply["content"]["status"], reply["content"]["ename"]) == ("error", "KeyboardInterrupt")
    assert time.monotonic() - began < 10
    assert another.value("1 + 1") == "2"


def test_an_interrupt_reaches_what_a_cell_has_started(another):
    asked = another.client.execute("import subprocess; subprocess.run(['sleep', '50'])")
    time.sleep(1)
    another.run(another.manager.interrupt_kernel())
    while (reply := another.run(another.client.get_shell_msg(timeout=10)))["parent_header"].get("msg_id") != asked:
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"


def test_a_restart_gives_a_new_kernel_with_the_same_folder_and_environment(another, tmp_path):
    another.reply("kept = 1")
    before = another.pid
    another.run(another.manager.restart_kernel())
    another.run(another.client.wait_for_ready(timeout=60))
    assert another.forked
    assert another.pid != before
    assert soon(lambda: not runs(before))
    assert another.value("'kept' in globals(), __import__('os').getcwd()") == f"(False, '{tmp_path}')"
    assert another.value("__import__('os').environ['ONLY_HERE']") == "'yes'"


def test_a_kernel_that_is_killed_is_noticed_with_its_signal(another):
    os.kill(another.pid, signal.SIGKILL)
    assert soon(lambda: not another.run(another.manager.is_alive()), within=3)
    assert another.manager.provisioner.process.returncode == -signal.SIGKILL


def test_a_kernel_that_ends_itself_is_noticed_with_its_exit_code(another):
    another.client.execute("import os; os._exit(7)")
    assert soon(lambda: not another.run(another.manager.is_alive()), within=3)
    assert another.manager.provisioner.process.wait(timeout=1) == 7


def test_a_polite_shutdown_runs_what_was_left_for_the_end(tmp_path):
    kernel = Kernel(cwd=str(tmp_path))
    kernel.reply("import atexit, pathlib; atexit.register(pathlib.Path('ended').touch)")
    kernel.client.stop_channels()
    kernel.run(kernel.manager.shutdown_kernel())
    kernel.loop.close()
    assert (tmp_path / "ended").exists()
    assert not runs(kernel.pid)


def test_a_page_may_open_widgets_of_its_own_accord(kernel):
    # ipywidgets listens for that where it is imported in a kernel, which here was before there was one.
    targets = kernel.value("sorted(get_ipython().kernel.comm_manager.targets)")
    assert "'jupyter.widget'" in targets
    assert "'jupyter.widget.control'" in targets


def test_the_template_has_one_thread(kernel):
    template = forking._current.process.pid
    assert len(os.listdir(f"/proc/{template}/task")) == 1
    assert kernel.value("__import__('os').getppid()") == str(template)


def test_a_copy_finds_modules_and_debugs_as_an_ordinary_kernel_does(kernel, monkeypatch):
    monkeypatch.setenv(forking.SWITCH, "plain")
    plain = Kernel()
    for expression in ("__import__('sys').path", "__import__('sys').flags", "__import__('gc').isenabled()"):
        assert kernel.value(expression) == plain.value(expression)
    plain.end()
    debugging = {"clientID": "test", "adapterID": "python", "pathFormat": "path"}
    request = {"type": "request", "seq": 1, "command": "initialize", "arguments": debugging}
    asked = kernel.client.session.msg("debug_request", request)
    kernel.client.control_channel.send(asked)
    while (reply := kernel.run(kernel.client.get_control_msg()))["parent_header"]["msg_id"] != asked["msg_id"]:
        pass
    assert reply["content"]["success"]


def test_two_starts_at_once_give_two_kernels(kernel):
    async def both():
        ready = await forking.template()
        found = await asyncio.gather(
            *(ready.fork(["nothing", "-f", "/nowhere/k.json"], os.environ, "/", (1, 2)) for _ in range(2))
        )
        return [one.pid for one in found], found

    pids, found = asyncio.run(both())
    for one in found:
        one.kill()
        assert one.wait(timeout=10) is not None
    assert len(set(pids)) == 2


@pytest.mark.parametrize("kind", ["forked", "plain"])
def test_at_a_port_a_kernel_speaks_only_encrypted(kind, monkeypatch):
    monkeypatch.setenv(forking.SWITCH, kind)
    kernel = Kernel(transport="tcp")
    assert kernel.forked == (kind == "forked")
    assert kernel.value("get_ipython().kernel.parent.shell_socket.curve_server") in ("1", "True")
    assert kernel.manager.get_connection_info()["transport"] == "tcp"
    kernel.end()
