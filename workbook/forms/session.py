"""One step of the workbook as a notebook uses it: forms that save themselves, exhibits that follow the plan.

    step = wb.open_step("08_channels", workspace, plan, language, scenario, segment, interactive)
    step.form("budget")
    step.show(wb.exhibits.budget_split)

Interactive, ``form`` is a form and ``show`` is redrawn on each change. In a batch, ``form`` shows what was decided and
``show`` draws once, as plain output that the report writers read.
"""

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook import steps
from workbook.analyses import analysis
from workbook.errors import PlanError, StoreError, WorkbookError
from workbook.exhibits.brief import in_brief, not_yet, nothing_yet
from workbook.exhibits.case import Case
from workbook.exhibits.decided import decided, open_points_of
from workbook.exhibits.exhibit import Exhibit
from workbook.exhibits.readiness import readiness_of
from workbook.exhibits.tables import table_read
from workbook.exhibits.workshop import led_elsewhere
from workbook.forms.cards import FormState, form_content
from workbook.forms.following import CALM, CALM_OF_OTHERS, Following, MakeExhibit, drawn
from workbook.forms.heading import Heading
from workbook.forms.live import LivePlan
from workbook.forms.settling import Settling
from workbook.forms.table_form import TableForm
from workbook.forms.telling import Telling
from workbook.forms.what_if import WhatIf
from workbook.language import N_, _, speak
from workbook.pages import PageParameters, import_samples
from workbook.plan.model import Item
from workbook.plan.workspace import Workspace

if TYPE_CHECKING:
    from workbook.exhibits.view import ExhibitView
    from workbook.forms.console import Console
    from workbook.forms.view import FormView, HeaderView

__all__ = ["OpenStep", "open_step"]

WARM = 0.3
"""Seconds from the first sign of somebody until a page that opened with what it showed last works that out anew."""


def open_step(
    key: str,
    workspace: str = ".",
    plan: str = PageParameters.plan,
    language: str = "en",
    scenario: str = "",
    segment: str = "",
    interactive: bool = True,
) -> "OpenStep":
    """
    Open step ``key`` on a plan, and show its header when ``interactive``.

    ``workspace`` is a folder in a workspace; outside of any, the sample plan is opened in a passing one, and the page
    says that nothing is kept. Raises ParameterError for a step, plan, language, scenario or segment that does not exist.
    """
    page = steps.step(key)
    parameters = PageParameters(workspace, plan, language, scenario, segment, interactive)
    home = _workspace(Path(workspace))
    parameters.require(home)
    speak(language)
    return OpenStep(page, home, parameters)


def _workspace(start: Path) -> Workspace:
    try:
        return Workspace.find(start)
    except StoreError:
        if start != Path("."):
            raise
        home = Workspace.sample()
        import_samples(home)
        return home


class OpenStep:
    """A page open on a plan. ``live`` holds the current frozen plan; everything shown is drawn from it."""

    def __init__(self, page: steps.Step, workspace: Workspace, parameters: PageParameters) -> None:
        self.page, self.parameters = page, parameters
        self.live = LivePlan(workspace, parameters.plan, parameters.scenario)
        self.live.listen(self._redraw)
        self._forms: list[tuple[str, FormView]] = []
        self._tables: list[tuple[TableForm, FormView]] = []
        self._exhibits = Following(lambda: self.case, self._drawn)
        self._what_if: tuple[WhatIf, FormView] | None = None
        self._tried = Following(self._trial_case, drawn)
        self._header: HeaderView | None = None
        self._console: Console | None = None
        self._heading = Heading(page, parameters, self.live, frozenset(workspace.log.plans()))
        self._settling = Settling(page.key, parameters, self.live, self._exhibits)
        self._remembered = self._settling.last()
        self._warmed = False
        self._calm = CALM
        self._telling = Telling(drawn) if page is steps.REPORT else None
        if parameters.interactive:
            self._show_header()

    @property
    def case(self) -> Case:
        """The plan as it is now, with its tables, in the segment asked for."""
        return Case(self.live.plan, self.live.workspace, self.parameters.segment, self.live.plan_id, self.live.scenario)

    def form(self, *sections: str) -> None:
        """Show a form for each of the plan's ``sections``, which saves every change; in a batch, what was decided there."""
        from IPython.display import display

        if self.live.workspace.log.read_only:
            # Nobody can be given a form whose entries nobody may store; and there is none to send messages to.
            for section in sections:
                self.show(partial(decided, section=section))
            return
        self._settling.take("form", lambda: {"forms": [self._calm_form(section) for section in sections]})
        for section in sections:
            if not self.parameters.interactive:
                display(decided(self.case, section))
                continue
            from workbook.forms.view import FormView

            view = FormView(form_content(self.live.plan, section, self.live.form, self.live.around))
            view.on_message(partial(self._heard, view))
            self._forms.append((section, view))
            display(view)

    def table(self, analysis_name: str, source: str = "") -> None:
        """
        Show a form for the table of an analysis: which file, which column is which; in a batch, what it holds.

        ``source`` is the path of a file to bring in, where the plan does not have it yet.
        """
        from IPython.display import display

        if self.live.workspace.log.read_only:
            self.show(table_read(analysis_name))
            return
        form = TableForm(self.live, analysis(analysis_name))
        if source:
            form.bring_in(source)
        if not self.parameters.interactive:
            display(drawn(table_read(analysis_name), self.case))
            return
        from workbook.forms.view import FORM_WORDS, FormView, worded

        view = FormView(form.content())
        view.on_message(partial(self._heard_of_table, form, view))
        self._tables.append((form, view))
        self._settling.take("form", lambda: {"forms": [worded(form.content(), FORM_WORDS)]})
        display(view)

    def show(self, make: MakeExhibit) -> None:
        """
        Show the exhibit that ``make`` draws from the case: live when interactive, once in a batch.

        A report leaves out what has nothing to show yet, and says so at its end.
        """
        if self._telling and self._telling.told(make, self.case).empty and not self.parameters.interactive:
            return
        self._display(make)

    def _display(self, make: MakeExhibit) -> None:
        from IPython.display import display

        if not self.parameters.interactive:
            display(self._drawn(make, self.case))
            return
        from workbook.exhibits.view import ExhibitView

        known = self._remembered.pop(name := _name(make), None)
        view = ExhibitView(**known) if known else ExhibitView(self._drawn(make, self.case))
        if not self.live.workspace.log.read_only:
            view.on_adopt(partial(self.adopt, make))
        self._exhibits.add(make, view)
        if known:
            view.on_sign(self._warm)
        if self._settling.take("exhibit", lambda: _picture_of(view) | {"by": name}):
            view.on_drawn(self._settling.begin)
        display(view)

    def _warm(self) -> None:
        """Somebody is there: work out what was shown from memory, so that the first change is as quick as the others."""
        if not self._warmed:
            self._warmed = True
            self._exhibits.recheck(WARM)

    def _drawn(self, make: MakeExhibit, case: Case) -> Exhibit:
        """Return the exhibit; a report, whose head and chapters tell of the same ones, draws each once."""
        return self._telling.drawn(make, case) if self._telling else drawn(make, case)

    def lead(self) -> None:
        """Show the facilitator's console of the workshop about the plan; in a batch, or to readers, there is none."""
        from IPython.display import display

        if not self.parameters.interactive:
            return
        if self.live.workspace.log.read_only:
            self.show(led_elsewhere)
            return
        from workbook.forms.console import Console

        self._console = Console(self.live, self._exhibits.redraw)
        # The next visitor holds no key yet.
        self._settling.take("form", lambda: {"forms": []})
        display(self._console.view)

    def show_revealed(self) -> None:
        """Show the votes that the console has revealed last, where there is one."""
        from IPython.display import display

        if self._console is None:
            return
        from workbook.exhibits.view import exhibit_words
        from workbook.forms.console import nothing_revealed

        words = exhibit_words()
        self._settling.take("exhibit", lambda: {"payload": nothing_revealed().payload, "words": words})
        for view in self._console.revealed:
            display(view)

    def what_if(self) -> None:
        """Show sliders for budget and scenario, which ``try_out`` follows and nothing stores; in a batch there are none."""
        from IPython.display import display

        if not self.parameters.interactive:
            return
        from workbook.forms.view import FORM_WORDS, FormView, worded

        trial = WhatIf(self.live)
        view = FormView(trial.content())
        view.on_message(partial(self._heard_of_what_if, trial, view))
        self._what_if = (trial, view)
        self._settling.take("form", lambda: {"forms": [worded(WhatIf(self.live).content(), FORM_WORDS)]})
        display(view)

    def try_out(self, make: MakeExhibit) -> None:
        """Show the exhibit that ``make`` draws from the plan as tried out above; in a batch, of the plan itself."""
        from IPython.display import display

        if not self.parameters.interactive:
            display(drawn(make, self.case))
            return
        from workbook.exhibits.view import ExhibitView, exhibit_words

        view = ExhibitView(drawn(make, self._trial_case()))
        self._tried.add(make, view)
        # The next visitor finds the plan as decided, whatever this one has tried out.
        self._settling.take("exhibit", lambda: {"payload": drawn(make, self.case).payload, "words": exhibit_words()})
        display(view)

    def _trial_case(self) -> Case:
        if self._what_if is None:
            return self.case
        return replace(self.case, plan=self._what_if[0].plan, decided=self.live.plan)

    def _heard_of_what_if(self, trial: WhatIf, view: "FormView", message: dict[str, Any]) -> None:
        """Do what was tried out, and answer it: nothing here reaches the store."""
        heard = False
        if message["kind"] == "edit":
            heard = trial.edit(message["path"], message["text"])
        elif message["kind"] == "act" and message["action"] == "reset":
            trial.reset()
            heard = True
        self._redraw_trial()
        view.answer(message["serial"], heard)

    def _redraw_trial(self) -> None:
        if self._what_if is None:
            return
        trial, view = self._what_if
        view.content = trial.content()
        self._tried.redraw()

    def adopt(self, make: MakeExhibit, to: str = "") -> None:
        """Take the figures that the exhibit offers over into the plan, with where they come from; ``to`` as chosen."""
        try:
            self.live.take(one for one in drawn(make, self.case).proposals if one.to == to)
        except WorkbookError as problem:
            self._say(str(problem))

    def in_brief(self, *makes: MakeExhibit) -> None:
        """Show the head of a report: what was decided, what the exhibits that ``makes`` draw find, what is open."""

        def in_brief_here(case: Case) -> Exhibit:
            found = (self._drawn(make, case) for make in makes)
            return in_brief(case, [shown.finding for shown in found if not shown.empty])

        self._display(in_brief_here)

    def end_chapter(self, key: str) -> None:
        """Close the chapter of a report on the step ``key``; one in which nothing could be shown says so in a line."""
        if self._telling is None:
            return
        page, case = steps.step(key), self.case
        asked = self._telling.end_chapter(_(N_("{number}. {title}"), number=str(page.number), title=_(page.title)))
        if not self.parameters.interactive and asked and all(self._drawn(make, case).empty for make in asked):
            self._display(nothing_yet)

    def not_yet(self) -> None:
        """Show what the report leaves out because there is nothing to show yet, with what to do first."""
        telling = self._telling or Telling(drawn)
        if self.parameters.interactive or telling.left_out(self.case):
            self._display(lambda case: not_yet(telling.left_out(case)))

    def ready(self) -> None:
        """Show which upstream decisions this step stands on, and which of them are missing."""
        self.show(readiness_of(self.page))

    def decide(self) -> None:
        """Show what this step still lacks before the next one can build on it."""
        self.show(open_points_of(self.page))

    def _heard(self, view: "FormView", message: dict[str, Any]) -> None:
        """Do what a form asks for, and answer it; what cannot be saved is said in the header and kept in the form."""
        kind, path = message["kind"], message["path"]
        saved = True
        try:
            match kind:
                case "edit":
                    saved = self.live.edit(path, message["text"])
                case "step":
                    saved = self.live.step(path, message["by"])
                case "add" | "remove" | "copy":
                    getattr(self.live, kind)(path)
                case "move":
                    self.live.move(path, message["by"])
                case "create":
                    self.live.create(path, message["text"])
                case "choose":
                    self.live.choose(path, int(message["choice"]))
                case "undo" | "redo":
                    getattr(self.live, kind)()
                case "act":
                    self._act(path, message["action"], message.get("answers") or {})
        except StoreError as problem:
            self._say(str(problem))
            saved = False
        except WorkbookError as problem:
            self._say(str(problem))
            saved = False
        view.answer(message["serial"], saved)

    def _heard_of_table(self, form: TableForm, view: "FormView", message: dict[str, Any]) -> None:
        """Do what was chosen in the form of a table, and answer it."""
        saved = False
        try:
            saved = message["kind"] == "edit" and form.edit(message["path"], message["text"])
        except WorkbookError as problem:
            self._say(str(problem))
        view.content = form.content()
        view.answer(message["serial"], saved)

    def _act(self, path: str, action: str, answers: dict[str, str]) -> None:
        """Settle what is stale: one card, or all of a section."""
        section, _sep, node = path.strip("/").partition("/")
        unsettled = self.live.around.unsettled
        ids = {item.id for item in getattr(self.live.plan, section, ()) if isinstance(item, Item)}
        nodes = [node] if node else [one for one in unsettled if one in ids or one == section]
        if action == "example":
            self.live.copy_example([section])
        elif action == "confirm":
            self.live.confirm(nodes)
        elif action == "waive":
            self.live.waive(nodes[0], answers.get("reason", ""), _day(answers.get("review", "")))

    def _redraw(self) -> None:
        """Draw what follows the plan: charts on the screen first, forms and header right after, then what nobody sees."""
        if self._telling:
            self._telling.forget()
        try:
            self._exhibits.redraw(self._calm)
        finally:
            # A chart that cannot be drawn must not keep back what was entered.
            self._redraw_forms()
            self._settling.begin()

    def _redraw_forms(self) -> None:
        around = self.live.around
        for section, form in self._forms:
            content = form_content(self.live.plan, section, self.live.form, around)
            if content != form.content:
                form.content = content
        for table, shown in self._tables:
            shown.content = table.content()
        self._redraw_trial()
        if self._console is not None:
            self._console.redraw()
        if self._header is not None:
            self._header.content = self._heading.content()

    def _calm_form(self, section: str) -> dict[str, Any]:
        """Return a form as somebody sees it who comes new: without what is typed here, or could be undone here."""
        from workbook.forms.view import FORM_WORDS, worded

        around = replace(self.live.around, can_undo=False, can_redo=False)
        return worded(form_content(self.live.plan, section, FormState(), around), FORM_WORDS)

    def _show_header(self) -> None:
        from IPython.display import display

        from workbook.forms.view import HEADER_WORDS, HeaderView, worded

        self._header = HeaderView(content=self._heading.content(), on_example=self._copy_example)
        # The page asks every second whether somebody is there: the moment to see what others have saved.
        self._header.on_msg(self._on_beat)
        self._settling.take("start", lambda: {"header": worded(self._heading.content(), HEADER_WORDS)})
        display(self._header)

    def _on_beat(self, _widget: Any, message: Any, _buffers: Any) -> None:
        if isinstance(message, dict) and message.get("kind") == "ping":
            self._calm = CALM_OF_OTHERS
            try:
                self.live.poll()
            except StoreError as problem:
                self._say(str(problem))
            finally:
                self._calm = CALM

    def _copy_example(self) -> None:
        try:
            self.live.copy_example(self.page.sections)
        except WorkbookError as problem:
            self._say(str(problem))

    def _say(self, sentence: str) -> None:
        if self._header is not None:
            self._header.content = self._heading.failed(sentence)


def _picture_of(view: "ExhibitView") -> dict[str, Any]:
    return {"payload": view.payload, "words": view.words, "drawings": view.drawings}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise PlanError(N_("“{found}” is no day. Write it as 2027-06-01."), found=text[:40]) from None


def _name(make: MakeExhibit) -> str:
    """Return the one name of what draws an exhibit; nothing for a function that was made on the way."""
    name = f"{getattr(make, '__module__', '')}.{getattr(make, '__qualname__', '<')}"
    return "" if "<" in name else name
