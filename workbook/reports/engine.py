"""A papermill engine without a kernel: the cells run in this process, and leave the outputs a kernel's would.

Starting a kernel and speaking to it takes longer than a report's own computing. This engine is for a process that is
there for one notebook only and ends after it, such as the copies that ``workbook.reports.press`` makes: then nothing of
a notebook, neither its names nor what it did to modules, environment or random state, is met by another.

What only a kernel can do is not done here: widgets are not alive, and nobody is asked for input. The state of widgets is not kept.
"""

import asyncio
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from ipykernel.compiler import XCachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.jsonutil import json_default
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors
from papermill.parameterize import parameterize_notebook
from traitlets import Type
from traitlets.config import Config

__all__ = ["ENGINE", "ShellEngine", "prepared_shell", "register", "run"]

ENGINE = "workbook"
"""The engine's name for papermill, once it is registered."""

Started = Callable[[int], object]


class ShellEngine(Engine):
    """Runs the cells of a notebook in this process, one after another, until one fails."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, started: Started | None = None, **_options: Any
    ) -> None:
        """
        Run the notebook that ``nb_man`` manages, as papermill asks of an engine.

        ``started`` is told the index of each cell before it runs, so that somebody outside can watch over its time.
        """
        shell = prepared_shell()
        asyncio.run(_run(shell, nb_man, started or (lambda index: None)))


def run(notebook: NotebookNode, parameters: dict[str, Any], *, started: Started | None = None) -> NotebookNode:
    """
    Return ``notebook`` run with ``parameters`` in this process, by papermill and this engine.

    What ``papermill.execute_notebook`` does, but for reading and writing files and guessing parameters, which were
    checked. Raises PapermillExecutionError when a cell fails.
    """
    register()
    given = parameterize_notebook(notebook, parameters, kernel_name="python3", language="python", engine_name=ENGINE)
    done = papermill_engines.execute_notebook_with_engine(
        ENGINE, prepare_notebook_metadata(given, "", ""), "python3", progress_bar=False, started=started
    )
    raise_for_execution_errors(done, None)
    return done


def register() -> None:
    """Let papermill know the engine under its name."""
    papermill_engines.register(ENGINE, ShellEngine)


@cache
def prepared_shell() -> "_Shell":
    """Return the shell of this process, with nothing run in it yet: a template may make it before it is copied."""
    register()
    quiet = Config()
    quiet.HistoryManager.enabled = False
    quiet.InteractiveShell.colors = "nocolor"
    shell: _Shell = _Shell.instance(config=quiet)
    return shell


async def _run(shell: "_Shell", nb_man: Any, started: Started) -> None:
    # Inside a running loop, as in a kernel, so that a cell may await and what it began goes on beside the next ones.
    for index, cell in enumerate(nb_man.nb.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        started(index)
        nb_man.cell_start(cell, index)
        failed = await shell.run_into(cell)
        if failed:
            nb_man.cell_exception(cell, index)
        nb_man.cell_complete(cell, index)
        if failed:
            return


class _Outputs:
    """The outputs of the cell that runs; displays may be named and changed later, also from another cell."""

    cell: list[NotebookNode]
    _clears: bool
    _named: dict[str, list[NotebookNode]]

    def __init__(self) -> None:
        self.forget()

    def add(self, kind: str, *, display_id: str = "", **content: Any) -> None:
        self._clear_if_due()
        output = new_output(kind, **content)
        self.cell.append(output)
        if display_id:
            self._named.setdefault(display_id, []).append(output)

    def change(self, display_id: str, data: Any, metadata: Any) -> None:
        for output in self._named.get(display_id, ()):
            output.data, output.metadata = data, metadata

    def clear(self, *, wait: bool) -> None:
        self._clears = wait
        if not wait:
            self.cell.clear()

    def write(self, name: str, text: str) -> None:
        self._clear_if_due()
        last = self.cell[-1] if self.cell else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text += text
        elif text:
            self.cell.append(new_output("stream", name=name, text=text))

    def forget(self) -> None:
        """Begin anew."""
        self.cell, self._clears, self._named = [], False, {}

    def _clear_if_due(self) -> None:
        if self._clears:
            self._clears = False
            self.cell.clear()


class _Stream(io.TextIOBase):
    """Standard output or error of a cell."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: _Outputs) -> None:
        self.name, self._outputs = name, outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._outputs.write(self.name, text)
        return len(text)


class _Hook(DisplayHook):
    """Notes the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        data, metadata = _sent(format_dict), _sent(md_dict or {})
        _noted(self).add("execute_result", data=data, metadata=metadata, execution_count=self.prompt_count)

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Publisher(DisplayPublisher):
    """Notes what a cell displays."""

    def publish(  # type: ignore[override]
        self,
        data: Any,
        metadata: Any = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_more: Any,
    ) -> None:
        noted = _noted(self)
        name = str((transient or {}).get("display_id", ""))
        data, metadata = _sent(data), _sent(metadata or {})
        if update:
            noted.change(name, data, metadata)
        else:
            noted.add("display_data", data=data, metadata=metadata, display_id=name)

    def clear_output(self, wait: bool = False) -> None:
        _noted(self).clear(wait=wait)


def _sent(data: Any) -> Any:
    """Return ``data`` as it would arrive from a kernel: JSON, and nothing that a later cell could still change."""
    return json.loads(json.dumps(data, default=json_default))


def _noted(part: Any) -> _Outputs:
    """Return the outputs of the shell that a display hook or publisher belongs to."""
    noted: _Outputs = part.shell.noted
    return noted


class _Shell(InteractiveShell):
    """IPython's shell, whose streams, displays and errors become outputs of the cell."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    compiler_class = Type(XCachingCompiler)

    def __init__(self, **traits: Any) -> None:
        self.noted = _Outputs()
        super().__init__(**traits)

    async def run_into(self, cell: NotebookNode) -> bool:
        """Run ``cell``, leave its outputs and number in it, and return whether it failed."""
        self.noted.cell = cell.outputs
        problem = None
        try:
            source = self.transform_cell(cell.source)
        except Exception:
            source, problem = cell.source, sys.exc_info()
        with self._streams():
            result = None
            try:
                result = await self.run_cell_async(
                    cell.source,
                    store_history=True,
                    transformed_cell=source,
                    preprocessing_exc_tuple=problem,
                    cell_id=cell.get("id"),
                )
            finally:
                self.events.trigger("post_execute")
                self.events.trigger("post_run_cell", result)
        cell.execution_count = self.execution_count - 1
        return not (result.success or "raises-exception" in cell.metadata.get("tags", ()))

    @contextmanager
    def _streams(self) -> Iterator[None]:
        kept = sys.stdout, sys.stderr, sys.stdin
        sys.stdout, sys.stderr = _Stream("stdout", self.noted), _Stream("stderr", self.noted)
        sys.stdin = io.StringIO()
        try:
            yield
        finally:
            sys.stdout, sys.stderr, sys.stdin = kept

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.noted.add("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window here."""

    def ask_exit(self) -> None:
        """Nothing is left by ``exit()`` but the rest of the cell."""
