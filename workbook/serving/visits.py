"""What does a visitor see? The list of plans, a step's page, the sign-in form, and a sentence where there is nothing.

A page is a notebook that Voila's server runs. Before it starts, what the address asks for is checked against the workspace, the
prose is put in the reader's language and the parameters into the notebook; an unknown plan, language, segment or name
is answered with a sentence and with links to what there is.
"""

import asyncio
import os
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import nh3
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.base.handlers import JupyterHandler
from nbformat import NotebookNode
from tornado.web import HTTPError, authenticated
from voila.tornado.handler import TornadoVoilaHandler

from workbook.errors import ParameterError, WorkbookError, nearest
from workbook.exhibits.pictures import picture_mark
from workbook.exhibits.view import ExhibitView
from workbook.forms.console import ConsoleView
from workbook.forms.guide import guide_words
from workbook.forms.view import FormView, HeaderView
from workbook.language import LANGUAGES, N_, speaking, translated
from workbook.pages import TO_HOME, PageParameters, page_file, read_page, with_parameters
from workbook.plan.workspace import Workspace
from workbook.serving.assets import asset_url, extensions, extensions_url, voila_url
from workbook.serving.home import PlanCard, address, plan_cards, query
from workbook.serving.pictures import Window, window_of, with_picture
from workbook.serving.places import FULL, RUN, VISITOR
from workbook.serving.rendering import TEMPLATE, templates
from workbook.serving.runs import Run, code_cells, has_only_ours
from workbook.steps import PAGES, STEPS, Step, step

__all__ = ["PART_FAILED", "TEMPLATE", "Home", "NotHere", "SignIn", "StepPage", "page_config", "prepared"]

ASKED = ("plan", "language", "scenario", "segment")
"""What an address may ask for. Where the plans are, and whether a page is live, is not the visitor's to say."""
WINDOW = "workbook-window"
"""Cookie in which a page notes the width and theme of its window."""
FAVOURITE = PageParameters.plan
SCRIPTS = {HeaderView: "header.js", FormView: "form.js", ConsoleView: "console.js", ExhibitView: "exhibit.js"}
ASSETS = ("page.css", "page.js", "live.js", "places.js", "theme.js", "vega.js", *SCRIPTS.values())
WIDGETS = {f"{widget.__module__}.{widget.__name__}": script for widget, script in SCRIPTS.items()}
"""The script of each of our widgets, by the name under which anywidget knows it."""
PART_FAILED = N_("This part of the page could not be worked out. The server's messages say why.")
TRY_AGAIN = 10
"""Seconds after which a browser that found every place taken asks again."""


class _Room(JupyterHandler):
    """A page of our own."""

    @property
    def workspace(self) -> Workspace:
        return self.settings["workbook_workspace"]

    def renew(self) -> None:
        """Bring what viewers are shown up to date."""
        if viewing := self.settings["workbook_viewing"]:
            viewing.renew()

    @property
    def language(self) -> str:
        """The language asked for, else the server's."""
        asked = self.get_query_argument("language", "")
        return asked if asked in LANGUAGES else self.settings["workbook_language"]

    @property
    def root(self) -> str:
        """Where the server's addresses begin, as seen from this one: it may be reached below the path of another."""
        return "../" * (self.request.path.count("/") - 1) or "./"

    def redirect(self, url: str, permanent: bool = False, status: int | None = None) -> None:
        """Send the browser to ``url``, an address of ours."""
        super().redirect(self.root + url.lstrip("/") if url.startswith("/") else url, permanent, status)

    def show(self, template: str, **values: Any) -> None:
        """Answer with ``template`` in the visitor's language."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        with speaking(self.language):
            given = {"language": self.language, "root": self.root, "asset": partial(asset_url, root=self.root)}
            self.finish(templates().get_template(template).render(given | values))

    def show_refusal(self, sentence: str, links: Iterable[tuple[str, str]] = (), *, again: int = 0) -> None:
        """Answer with ``sentence`` and ``links``; the browser asks ``again`` after so many seconds, unless 0."""
        with speaking(self.language):
            home = (translated("All plans and steps"), self.root + query(language=self.language))
        self.show("refused.html.j2", sentence=sentence[:1].upper() + sentence[1:], links=[*links, home], again=again)

    def without_token(self) -> bool:
        """Send the browser on to the same address without the token, which is in the cookie now; whether it was done."""
        if "token" not in self.request.query_arguments:
            return False
        kept = {name: self.get_query_arguments(name) for name in self.request.query_arguments if name != "token"}
        self.redirect(self.request.path + ("?" + urlencode(kept, doseq=True) if kept else ""))
        return True

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say in a sentence what is wrong, without what was asked for and without a traceback."""
        self.set_header("Content-Security-Policy", self.settings["headers"]["Content-Security-Policy"])
        if status_code == FULL:
            self.set_header("Retry-After", str(TRY_AGAIN))
        with speaking(self.language):
            sentence = _sentence(status_code)
        self.show_refusal(sentence, again=TRY_AGAIN if status_code == FULL else 0)


class NotHere(_Room):
    """Every address that is none of ours."""

    @authenticated
    def get(self) -> None:
        raise HTTPError(404)


class SignIn(_Room, LoginFormHandler):
    """Asks for the token."""

    @allow_unauthenticated
    def get(self) -> None:
        super().get()

    def _render(self, message: dict[str, str] | None = None) -> None:
        self.show(
            "sign_in.html.j2",
            wrong=bool(message),
            xsrf=self.xsrf_token.decode(),
            next=self.get_argument("next", default="/"),
        )


class Home(_Room):
    """The plans of the workspace, and the steps of each."""

    @authenticated
    async def get(self) -> None:
        if self.without_token():
            return
        asked = self.get_query_argument("language", "")
        if asked and asked not in LANGUAGES:
            self.set_status(404)
        await asyncio.to_thread(self.renew)
        plans = await asyncio.to_thread(self._cards)
        languages = [(code, name, query(language=code)) for code, name in LANGUAGES.items()]
        self.show("home.html.j2", plans=plans, languages=languages, folder=self.workspace.folder.name)

    def _cards(self) -> list[PlanCard]:
        with speaking(self.language):
            return plan_cards(self.workspace, self.language)


class StepPage(_Room, TornadoVoilaHandler):
    """A step of a plan: its notebook, run by Voila."""

    def initialize(self, **kwargs: Any) -> None:
        TornadoVoilaHandler.initialize(self, **kwargs)
        self.parameters = PageParameters()
        self.page: Step | None = None
        self.ready = NotebookNode()

    @authenticated
    async def get(self, path: str = "") -> None:
        if self.without_token():
            return
        try:
            self.page = step(path.removesuffix(".ipynb"))
            sent = await asyncio.to_thread(self._looked_up)
        except WorkbookError as problem:
            self._refuse(404 if isinstance(problem, ParameterError) else 500, problem)
            return
        self.xsrf_token  # noqa: B018  reading it sets the cookie that the page's farewell sends along
        VISITOR.set(self.current_user)
        if sent is None:
            self.ready = await asyncio.to_thread(_ready, self.page, self.workspace, self.parameters, self.window)
            await TornadoVoilaHandler.get(self, path)
        else:
            await self._send(sent)

    def _looked_up(self) -> "_Sent | None":
        """Return the page asked for as it is sent, None where its notebook takes Voila's own script."""
        assert self.page is not None
        self.renew()
        self.parameters = self._asked()
        page, parameters, log = self.page.key, self.parameters, self.workspace.log
        changed = (
            date.today(),
            page_file(page, self.workspace).stat().st_mtime_ns,
            log.head(parameters.plan),
            picture_mark(self.workspace, page, parameters),
        )
        return _sent(self.page, self.workspace, parameters, self.window, self.settings["xsrf_cookie_name"], changed)

    @property
    def window(self) -> Window:
        """The window that the page will be seen in, as far as a visit before has told."""
        return window_of(self.get_cookie(WINDOW, "") or "")

    async def _send(self, sent: "_Sent") -> None:
        """Have the notebook run, and answer with the page it will appear on, without waiting for it."""
        with speaking(self.parameters.language):
            RUN.set(Run(sent.cells, translated(PART_FAILED)))
        kernels: Any = self.kernel_manager
        kernel_id: str = await kernels.start_kernel(path="", env=dict(os.environ))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(kernel_id.join(sent.around_kernel))

    def get_argument(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Voila looks for a theme and a template in the address, and shall find none."""
        if name in ("theme", "template"):
            return args[0] if args else kwargs.get("default")
        return super().get_argument(name, *args, **kwargs)

    def _asked(self) -> PageParameters:
        given = {name: self.get_query_argument(name) for name in self.request.query_arguments}
        for name in given:
            if name not in ASKED:
                raise ParameterError(
                    N_("there is no parameter “{found}”. The nearest are: {near}."),
                    found=name,
                    near=nearest(name, ASKED),
                )
        given.setdefault("language", self.language)
        if "plan" not in given and (plans := self.workspace.log.plans()):
            given["plan"] = FAVOURITE if FAVOURITE in plans else plans[0]
        return _checked(self.workspace, tuple(given.items()), self.workspace.log.head(given.get("plan", FAVOURITE)))

    def _refuse(self, status: int, problem: WorkbookError) -> None:
        """Say what is not there, and link to the same page of the plans that are."""
        links = []
        if self.page and status == 404:
            links = [
                (title, self.root + address(self.page, plan=id, language=self.language))
                for id, title in _plans(self.workspace)
            ]
        self.set_status(status)
        with speaking(self.language):
            self.show_refusal(str(problem), links)


def prepared(request: StepPage, notebook: NotebookNode, cwd: str) -> NotebookNode:
    """Return the notebook of the page asked for: Voila's prelaunch hook, for notebooks that take Voila's script."""
    request.ready.metadata.kernelspec = notebook.metadata.kernelspec
    return request.ready


@dataclass(frozen=True)
class _Sent:
    """A page as it is sent: the cells that a kernel runs for it, and what stands before and after the kernel's name."""

    cells: tuple[tuple[int, str], ...]
    around_kernel: tuple[str, str]


# Some 500 kB each: the pages that a few people go back and forth between.
@lru_cache(maxsize=24)
def _sent(
    page: Step, workspace: Workspace, parameters: PageParameters, window: Window, mark: str, _changed: object
) -> _Sent | None:
    """Return a page, made once as long as nothing of it is ``_changed``; None where its notebook takes Voila's own script."""
    ready = _ready(page, workspace, parameters, window)
    if ready.metadata.workbook.voila:
        return None
    here = uuid4().hex
    config = page_config({}, mark=mark) | {"kernelId": here}
    before, _, after = templates().get_template("index.html.j2").render(nb=ready, page_config=config).partition(here)
    return _Sent(tuple(code_cells(ready)), (before, after))


@lru_cache(maxsize=256)
def _checked(workspace: Workspace, given: tuple[tuple[str, str], ...], _head: int) -> PageParameters:
    """Return what an address asks for, checked once a revision of the plan."""
    return PageParameters.checked(workspace, dict(given))


def _ready(page: Step, workspace: Workspace, parameters: PageParameters, window: Window) -> NotebookNode:
    """Return the notebook of the page asked for, in the reader's language and with its parameters."""
    file = page_file(page.key, workspace)
    ready = with_parameters(deepcopy(_read(file, file.stat().st_mtime_ns, parameters.language)), parameters)
    plan, _ = workspace.log.plan(parameters.plan)
    with speaking(parameters.language):
        ready.metadata.workbook = {
            "language": parameters.language,
            "title": f"{translated(page.title)} · {plan.charter.title or parameters.plan}",
            "home": TO_HOME + query(language=parameters.language),
            "turn": _turn(page, parameters),
            "place": {
                "plan": parameters.plan,
                "words": " ".join([str(page.number)] * bool(page.sections) + [translated(page.title)]),
            },
            "guide": guide_words(page) if page.sections else None,
            "charts": any("exhibit" in cell.metadata.get("tags", ()) for cell in ready.cells),
            "words": {name: translated(message) for name, message in _WORDS.items()},
            "assets": {name: asset_url(name, TO_HOME) for name in ASSETS},
            "voila": "" if has_only_ours(ready) else voila_url(TO_HOME),
            "widgets": WIDGETS,
            "picture": with_picture(ready, workspace, page.key, parameters, window),
        }
    return ready


@lru_cache(maxsize=64)
def _read(file: Path, _changed: int, language: str) -> NotebookNode:
    """Return a notebook with its prose in ``language``, also as HTML; read once as long as it is not ``_changed``."""
    notebook = read_page(file, language)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.metadata.prose = _prose(cell.source)
    return notebook


def page_config(_config: dict[str, Any], *, mark: str, **_others: Any) -> dict[str, Any]:
    """
    Return what a page's scripts are told: Voila's page config hook. Nothing of the user's own settings gets in.

    ``mark`` is the cookie with the page's own mark.
    """
    return {
        "appUrl": "voila/",
        "baseUrl": TO_HOME,
        "markCookie": mark,
        "themesUrl": "",
        "fullStaticUrl": voila_url(TO_HOME),
        "fullLabextensionsUrl": extensions_url(TO_HOME),
        "federated_extensions": extensions(),
        "progressiveRendering": True,
        "fullMathjaxUrl": asset_url("formulas.js", TO_HOME),
        "mathjaxConfig": "none",
    }


_WORDS = {
    "skip": N_("Skip to the content"),
    "all": N_("All plans and steps"),
    "steps": N_("Steps"),
    "starting": N_("Live in a moment"),
    "needs_script": N_("This page needs JavaScript for its forms and charts."),
    "dead": N_("This page has lost its connection to the workbook. Reload it: what was saved is there."),
    "reload": N_("Reload"),
}


def _prose(source: str) -> str:
    """Return Markdown as HTML that holds prose only: no scripts, no styles, no forms, even where the source has them."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    html = MarkdownWithMath(
        renderer=IPythonRenderer(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
    ).render(source)
    return nh3.clean(str(html), attributes={**nh3.ALLOWED_ATTRIBUTES, **{f"h{level}": {"id"} for level in range(1, 5)}})


def _turn(page: Step, parameters: PageParameters) -> list[dict[str, Any]]:
    """Return the links to the page before and the page after."""
    place = PAGES.index(page)
    around = [(-1, PAGES[place - 1] if place else None), (1, PAGES[place + 1] if place + 1 < len(PAGES) else None)]
    return [
        {
            "to": to,
            "number": other.number if other in STEPS else "",
            "title": translated(other.title),
            "href": f"{other.key}.ipynb{parameters.link()}",
        }
        for to, other in around
        if other
    ]


def _plans(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """Yield id and title of each plan."""
    for id in workspace.log.plans():
        plan, _ = workspace.log.plan(id)
        yield id, plan.charter.title or id


def _sentence(status: int) -> str:
    match status:
        case 403:
            return translated("This is not open to you here. Sign in again with the link that was given to you.")
        case 404:
            return translated("There is no such page.")
        case 400 | 405:
            return translated("The server does not understand this address.")
        case 503:
            return translated(
                "As many pages are open as this server has room for. This one tries again by itself every ten seconds; "
                "close pages that nobody needs."
            )
    return translated("The page could not be started. Reload it; if it fails again, look at the server's messages.")
