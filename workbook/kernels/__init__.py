"""Kernels that are ready at once: the ``workbook`` kernelspec, for JupyterLab, Voila and papermill alike.

Where fork can be trusted a kernel is a copy of a template process that has imported the package already; elsewhere, or
when there is no template, the same kernelspec starts a kernel the ordinary way. ``docs/kernels.md`` says what is
promised.

As an extension of a Jupyter server this package starts the template together with the server.
"""

from typing import Any

__all__: list[str] = []


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(_server: Any) -> None:
    from workbook.kernels.forking import start_template

    start_template()
