"""The template lives and dies with its server, follows the package's files, and is done without where it fails."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kernels.kernel_process import Kernel, runs, soon

from workbook.kernels import forking
from workbook.kernels.provisioner import _forked

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not forking.FORKS, reason="kernels are forked on Linux only"),
]

HERE = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

SERVER = """
import time
from kernels.kernel_process import Kernel
from workbook.kernels import forking
from workbook.kernels.provisioner import _forked

kernel = Kernel()
kernel.reply("import subprocess; child = subprocess.Popen(['sleep', '100'])")
print(forking._current.process.pid, kernel.pid, kernel.value("child.pid"), kernel.forked, flush=True)
time.sleep(100)
"""


@pytest.fixture
def own_template(monkeypatch):
    """Give the test a template of its own, to do with as it likes."""
    monkeypatch.setattr(forking, "_current", None)
    yield
    if forking._current is not None:
        forking._current.close()


@pytest.fixture
def broken(own_template, monkeypatch, tmp_path):
    """Have the next template fail as it says in ``template.py`` of the folder returned."""
    (tmp_path / "kernels").mkdir()
    monkeypatch.setattr(forking, "PACKAGE", tmp_path)
    return tmp_path / "kernels" / "template.py"


def forked(options, command=(sys.executable, "-m", "ipykernel_launcher", "-f", "/nowhere/kernel.json"), patience=60):
    return asyncio.run(_forked(command, options, patience))


def at_rest(pid, seconds=0.5):
    """Whether a process spends no time for a while."""

    def spent():
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]

    before = spent()
    time.sleep(seconds)
    return spent() == before


@pytest.mark.parametrize("ending", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_a_server_that_is_killed_leaves_no_kernel_no_template_and_nothing_they_started(ending):
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True, env=os.environ | HERE)
    *pids, forked = server.stdout.readline().split()
    assert forked == "True"
    pids = [int(pid) for pid in pids]
    assert all(map(runs, pids))
    server.send_signal(ending)
    server.wait(timeout=10)
    server.stdout.close()
    assert soon(lambda: not any(map(runs, pids)), within=5)


def test_kernels_end_with_a_template_that_is_killed_and_the_next_one_comes_from_another(own_template):
    kernel = Kernel()
    template = forking._current.process.pid
    os.kill(template, signal.SIGKILL)
    assert soon(lambda: not runs(kernel.pid), within=3)
    assert not kernel.run(kernel.manager.is_alive())
    assert kernel.manager.provisioner.process.returncode == -signal.SIGKILL
    kernel.end()
    another = Kernel()
    assert another.forked
    assert forking._current.process.pid != template
    another.end()


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise SystemExit(3)", "ended before it was ready"),
        ('import socket; socket.socket(fileno=0).send(b\'{"failed": "ImportError: no altair"}\\n\')', "no altair"),
        ("import time; time.sleep(100)", "not ready"),
    ],
    ids=["ends", "cannot import", "hangs"],
)
def test_a_template_that_fails_is_said_once_and_kernels_start_the_ordinary_way(
    broken, monkeypatch, caplog, program, said
):
    monkeypatch.setattr(forking, "LONGEST_WAIT", 2 if "sleep" in program else 20)
    broken.write_text(program)
    kernel = Kernel()
    assert not kernel.forked
    assert kernel.value("'workbook.forms.session' in __import__('sys').modules") == "True"
    kernel.end()
    assert forked({}) is None
    (warning,) = (record.getMessage() for record in caplog.records if record.name == "workbook.kernels")
    assert said in warning


def test_a_template_with_another_thread_forks_nothing(broken, caplog):
    real = (forking.Path(forking.__file__).with_name("template.py")).read_text()
    threaded = "import threading, time; threading.Thread(target=time.sleep, args=[60], daemon=True).start()\n"
    broken.write_text(
        real.replace("    template = _Template(_control())", f"    {threaded}    template = _Template(_control())", 1)
    )
    assert forked({}) is None
    assert "2 threads" in caplog.text


def test_a_kernel_is_no_copy_where_it_asks_for_what_a_copy_cannot_have(own_template, monkeypatch, tmp_path):
    for name, value in (("PYTHONHASHSEED", "5"), ("LC_ALL", "xx"), ("PYTHONPATH", "/nowhere")):
        assert forked({"env": os.environ | {name: value}}) is None
    for option in ({"cwd": str(tmp_path / "gone")}, {"preexec_fn": print}, {"stdout": subprocess.DEVNULL}):
        assert forked(option) is None
    assert forked({}, command=["julia", "-f", "x"]) is None
    monkeypatch.setenv(forking.SWITCH, "plain")
    assert forked({}) is None


def test_a_start_that_cannot_wait_for_the_imports_is_an_ordinary_one_and_no_failure(own_template, caplog):
    assert forked({}, patience=0) is None
    assert not caplog.records
    assert asyncio.run(forking.template(60)) is forking._current


def test_another_system_starts_no_template(own_template, monkeypatch):
    monkeypatch.setattr(forking, "FORKS", False)
    forking.start_template()
    assert forking._current is None
    assert forked({}) is None


def test_a_changed_file_of_the_package_renews_the_template_and_the_old_one_ends_with_its_kernels(
    own_template, monkeypatch, tmp_path
):
    state = forking.package_state
    monkeypatch.setattr(forking, "package_state", lambda: state(tmp_path))
    module = tmp_path / "module.py"
    module.write_text("answer = 41")
    kernel = Kernel()
    old = forking._current
    asyncio.run(forking.template())
    assert forking._current is old
    module.write_text("answer = 42 ")
    forking.start_template()
    assert forking._current is not old
    assert kernel.value("1 + 1") == "2"
    kernel.end()
    assert soon(lambda: not runs(old.process.pid), within=3)
    new = Kernel()
    assert new.forked
    new.end()


def test_the_state_of_the_package_is_another_after_a_change_an_addition_and_a_removal(tmp_path):
    (tmp_path / "a.py").write_text("1")
    seen = [forking.package_state(tmp_path)]
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    assert forking.package_state(tmp_path) == seen[0]
    for change in (
        lambda: (tmp_path / "a.py").write_text("22"),
        lambda: (tmp_path / "b.po").write_text(""),
        lambda: (tmp_path / "a.py").unlink(),
    ):
        change()
        seen.append(forking.package_state(tmp_path))
    assert len(set(seen)) == len(seen)


def test_a_forked_copy_of_the_server_leaves_the_template_to_the_server(own_template):
    forking.start_template()
    template = forking._current.process.pid
    if not (copy := os.fork()):
        os._exit(0 if forking._current is None else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]) == 0
    assert asyncio.run(forking.template(60)) is forking._current
    assert forking._current.process.pid == template


def test_a_program_that_reads_the_servers_output_does_not_wait_for_the_template(tmp_path):
    code = "from workbook.kernels.forking import start_template; start_template(); print('done', flush=True)"
    server = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (server.stdout, server.stderr) == ("done\n", "")


@pytest.mark.slow
def test_the_rehearsal_leaves_one_thread_no_folder_and_the_language_as_it_was(tmp_path):
    code = (
        "import os; from workbook.kernels.rehearsal import PARTS, rehearse; from workbook.language import current;"
        "[rehearse(part) for part in PARTS];"
        "print(len(os.listdir('/proc/self/task')), current())"
    )
    environment = os.environ | HERE | forking.ONE_THREAD | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == "1 en\n"
    assert not list(tmp_path.iterdir())


def test_a_kernel_forked_after_the_rehearsal_and_all_imports_has_them(own_template):
    asyncio.run(forking.template())
    template = forking._current.process.pid
    assert soon(lambda: at_rest(template), within=60)
    kernel = Kernel()
    assert kernel.forked
    for module in ("sklearn.cluster", "scipy.optimize", "workbook.exhibits.view", "workbook.plan.store"):
        assert kernel.value(f"{module!r} in __import__('sys').modules") == "True"
    kernel.end()


def test_a_kernel_takes_the_modules_of_a_kernel_for_its_own_and_no_others(own_template):
    kernel = Kernel()
    assert kernel.forked
    own = "get_ipython()._sys_modules_keys"
    assert kernel.value(f"'ipykernel.kernelapp' in {own}, 'altair' in {own}, 'workbook.forms.view' in {own}") == str(
        (True, False, False)
    )
    assert kernel.value("__import__('IPython.core.shellapp').core.shellapp.sys is __import__('sys')") == "True"
    kernel.end()
