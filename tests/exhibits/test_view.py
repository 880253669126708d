"""The card of an exhibit in a real browser, with a stand-in for the widget's model where a kernel would be."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from barriers import barriers
from exhibit_samples import CHANNELS, SAMPLES, budget_split, need_scores, nothing_yet, response_curves

from workbook.exhibits import vega
from workbook.exhibits.exhibit import Attachment, Column, Exhibit, Tag
from workbook.exhibits.vega import runtime_js, script_safe
from workbook.exhibits.view import ExhibitView, card_css, drawing_js, exhibit_words
from workbook.language import speaking

HOSTILE = '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">'

MODEL = """
window.Model = class {
  constructor(state, answers = true) { this.state = state; this.heard = {}; this.answers = answers; this.sent = []; }
  get(name) { return this.state[name]; }
  set(name, value) { this.state[name] = value; this.emit("change:" + name); }
  on(name, call) { (this.heard[name] ??= []).push(call); }
  off(name, call) { this.heard[name] = (this.heard[name] ?? []).filter((one) => one !== call); }
  emit(name, ...values) { for (const call of this.heard[name] ?? []) call(...values); }
  send(message) {
    this.sent.push(message);
    const script = new DataView(new TextEncoder().encode(window.runtimeScript).buffer);
    if (this.answers) setTimeout(() => this.emit("msg:custom", { kind: "vega" }, [script]), 20);
  }
};
window.load = async (script) => {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  window.view = await import(url);
};
"""


def opened(watched_page, width=900, *, runtime="page", head="", **options):
    """Return a page on which ``view`` is loaded, and its log; ``runtime`` says who brings Vega."""
    page, log = watched_page(width, **options)
    style = f"<style>body{{margin:16px}}{card_css()}</style>"
    html = f'<!doctype html><html lang="en"><title>t</title>{head}{style}<main></main>'
    page.route("http://127.0.0.1:9/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto("http://127.0.0.1:9/")
    page.evaluate(MODEL)
    page.evaluate("script => load(script)", drawing_js())
    page.evaluate("script => { window.runtimeScript = script }", runtime_js())
    if runtime == "page":
        page.add_script_tag(content=runtime_js())
    return page, log


def draw(page, exhibit, into="one"):
    page.evaluate(
        """([payload, words, id]) => {
          let place = document.getElementById(id);
          if (!place) {
            place = Object.assign(document.createElement("div"), { id });
            document.querySelector("main").append(place);
          }
          return view.drawExhibit(place, payload, words);
        }""",
        [exhibit.payload, exhibit_words(), into],
    )
    page.wait_for_selector(f"#{into} .wb-exhibit[data-drawn]")


def drawn(page, into="one"):
    return int(page.get_attribute(f"#{into} .wb-exhibit", "data-drawn"))


def wait_drawn(page, more_than, into="one"):
    page.wait_for_function(
        "([id, n]) => Number(document.querySelector(`#${id} .wb-exhibit`).dataset.drawn) > n", arg=[into, more_than]
    )


def test_runtime_is_built_once_and_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(vega, "_cached_at", lambda: tmp_path / "new" / "vega.js")
    built = []
    monkeypatch.setattr(vega, "_build", lambda: built.append(1) or "script")
    for _again in range(2):
        runtime_js.cache_clear()
        assert runtime_js() == "script"
    runtime_js.cache_clear()
    assert built == [1]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["vega.js"]


def test_runtime_needs_no_folder(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(vega, "_cached_at", lambda: tmp_path / "file" / "vega.js")
    monkeypatch.setattr(vega, "_build", lambda: "script")
    runtime_js.cache_clear()
    assert runtime_js() == "script"
    runtime_js.cache_clear()


def test_runtime_can_stand_in_a_page():
    assert "</script" not in runtime_js().lower()
    assert "<!--" not in runtime_js()
    assert script_safe('"</script>"') == '"<\\/script>"'


def test_widget_sends_the_runtime_when_asked(monkeypatch):
    card = ExhibitView(budget_split())
    sent = []
    monkeypatch.setattr(card, "send", lambda content, buffers=None: sent.append((content, buffers)))
    card._handle_custom_msg({"kind": "vega"}, [])
    card._handle_custom_msg({"kind": "other"}, [])
    card._handle_custom_msg(None, [])
    assert [content for content, _buffers in sent] == [{"kind": "vega"}]
    assert sent[0][1] == [runtime_js().encode()]


def test_widget_shows_another_exhibit():
    card = ExhibitView(budget_split())
    card.show(need_scores())
    assert card.payload["name"] == "need_scores"
    assert card.words == exhibit_words()
    json.dumps(card.payload, allow_nan=False)


@pytest.mark.browser
@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("width", [390, 820, 1440])
def test_nothing_of_a_chart_is_cut(watched_page, sample, width):
    page, log = opened(watched_page, width)
    draw(page, sample())
    cut = page.evaluate(
        """() => {
          const card = document.querySelector(".wb-chart").getBoundingClientRect();
          return [...document.querySelectorAll(".wb-drawing text")].filter((text) => {
            const box = text.getBoundingClientRect();
            return box.left < card.left - 1 || box.right > card.right + 1 || text.textContent.includes("…");
          }).map((text) => text.textContent);
        }"""
    )
    assert cut == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    log.assert_clean()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 820])
def test_words_behind_bars_and_small_multiples_fit_the_width(watched_page, width):
    import altair as alt

    table = budget_split().table.assign(shown=[f"€{plan:,} of everything" for plan in budget_split().table["plan"]])
    bars = alt.Chart(table).mark_bar().encode(x="plan:Q", y=alt.Y("channel:N", title=None))
    words = bars.mark_text(align="left", dx=6).encode(text="shown:N")
    multiples = bars.encode(column=alt.Column("channel:N", title=None), y="last:Q", x="plan:Q")
    page, log = opened(watched_page, width)
    for i, chart in enumerate((bars + words, multiples, alt.hconcat(bars, bars))):
        draw(page, Exhibit(name="t", finding="t", chart=chart), into=f"place{i}")
        overflow = page.evaluate(
            """(id) => {
              const room = document.querySelector(`#${id} .wb-chart`).getBoundingClientRect();
              const texts = [...document.querySelectorAll(`#${id} .wb-drawing text`)];
              return Math.max(...texts.map((text) => text.getBoundingClientRect().right)) - room.right;
            }""",
            f"place{i}",
        )
        assert overflow <= 1, i
    log.assert_clean()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
def test_labels_at_the_end_of_lines_keep_apart(watched_page, width):
    page, _log = opened(watched_page, width)
    draw(page, response_curves())
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".wb-drawing .mark-text.role-mark text")].map((text) => {
          const box = text.getBoundingClientRect();
          return { name: text.textContent, top: box.top, bottom: box.bottom };
        })"""
    )
    assert len(boxes) == len(CHANNELS)
    boxes.sort(key=lambda box: box["top"])
    for upper, lower in pairwise(boxes):
        assert upper["bottom"] <= lower["top"] + 1, (upper, lower)


@pytest.mark.browser
def test_new_figures_move_the_running_chart(watched_page):
    page, log = opened(watched_page)
    draw(page, budget_split())
    page.evaluate("() => { window.svg = document.querySelector('.wb-drawing svg') }")
    bar = "document.querySelector('.mark-rect path').getAttribute('d')"
    before, count = page.evaluate(bar), drawn(page)
    draw(page, budget_split(plan=[30_000, 20_000, 9_000, 26_000, 10_000, 5_000], finding="Email takes a third."))
    assert drawn(page) == count + 1
    assert page.evaluate("svg === document.querySelector('.wb-drawing svg')")
    assert page.evaluate(bar) != before
    assert page.get_by_role("img", name="Email takes a third.").count() == 1
    assert page.text_content(".wb-finding") == "Email takes a third."
    log.assert_clean()


@pytest.mark.browser
def test_dates_survive_a_change_of_figures(watched_page):
    import altair as alt
    import pandas as pd

    def by_month(values):
        table = pd.DataFrame({"month": pd.date_range("2027-01-01", periods=3, freq="MS"), "value": values})
        chart = alt.Chart(table).mark_line().encode(x=alt.X("month:T", title=None).axis(format="%b"), y="value:Q")
        return Exhibit(name="t", finding="t", table=table, columns=(Column("value", "Value", "number"),), chart=chart)

    page, _log = opened(watched_page)
    with speaking("it"):
        draw(page, by_month([1, 2, 3]))
        draw(page, by_month([1, 2, 9]))
    line = page.get_attribute(".mark-line path", "d")
    assert "NaN" not in line
    assert line.count("L") == 2
    assert "gen" in page.text_content(".wb-drawing")


@pytest.mark.browser
def test_another_chart_takes_the_place_of_the_first(watched_page):
    page, log = opened(watched_page)
    draw(page, budget_split())
    draw(page, need_scores())
    draw(page, nothing_yet())
    assert page.locator(".wb-drawing").count() == 0
    assert page.locator(".wb-exhibit.wb-empty").count() == 1
    assert not page.is_visible(".wb-chart")
    assert not page.is_visible(".wb-table-button")
    draw(page, budget_split())
    assert page.locator(".wb-drawing svg").count() == 1
    log.assert_clean()


@pytest.mark.browser
def test_a_chart_is_laid_out_anew_when_its_width_changes(watched_page):
    page, _log = opened(watched_page, 1200)
    draw(page, need_scores())
    wide, count = float(page.get_attribute(".wb-drawing svg", "width")), drawn(page)
    page.set_viewport_size({"width": 390, "height": 800})
    wait_drawn(page, count)
    narrow = float(page.get_attribute(".wb-drawing svg", "width"))
    assert narrow <= page.evaluate("document.querySelector('.wb-chart').clientWidth") < wide
    # Type keeps its size: laid out, not shrunk.
    assert page.get_attribute(".wb-drawing text", "font-size") == "12px"
    assert page.locator(".wb-drawing tspan").count() > 0


@pytest.mark.browser
def test_a_chart_says_how_it_differs_on_a_phone(watched_page):
    import dataclasses

    exhibit = budget_split()
    exhibit.chart.usermeta = {"narrow": {"height": {"step": 60}}}
    for width, height in ((900, 30), (390, 60)):
        page, _log = opened(watched_page, width)
        draw(page, dataclasses.replace(exhibit))
        assert float(page.get_attribute(".wb-drawing svg", "height")) == pytest.approx(6 * height + 45, abs=30)


@pytest.mark.browser
def test_a_closed_section_is_drawn_when_it_opens(watched_page):
    page, log = opened(watched_page)
    page.evaluate("""() => { document.querySelector("main").innerHTML = '<details><div id="one"></div></details>' }""")
    page.evaluate("([p, w]) => view.drawExhibit(one, p, w)", [budget_split().payload, exhibit_words()])
    page.evaluate("() => { document.querySelector('details').open = true }")
    page.wait_for_selector("#one .wb-drawing svg")
    log.assert_clean()


@pytest.mark.browser
def test_the_table_opens_by_keyboard(watched_page):
    page, _log = opened(watched_page)
    draw(page, budget_split())
    button = page.get_by_role("button", name="Table")
    assert button.get_attribute("aria-expanded") == "false"
    assert page.get_by_role("table").count() == 0
    page.keyboard.press("Tab")
    assert button.evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    table = page.get_by_role("table")
    assert table.get_by_role("columnheader").all_text_contents() == ["Channel", "This plan", "Last plan", "Share"]
    assert table.get_by_role("rowheader").count() == len(CHANNELS)
    assert table.locator("td").first.evaluate("cell => getComputedStyle(cell).textAlign") == "end"
    assert button.bounding_box()["height"] >= 44
    page.keyboard.press("Space")
    assert button.get_attribute("aria-expanded") == "false"


@pytest.mark.browser
def test_what_people_type_stays_text(watched_page):
    import altair as alt
    import pandas as pd

    table = pd.DataFrame({"name": [HOSTILE, "b"], "value": [1, 2]})
    chart = (
        alt.Chart(table)
        .mark_bar()
        .encode(
            x=alt.X("value:Q", title=HOSTILE),
            y=alt.Y("name:N", title=HOSTILE, sort=None),
            color=alt.Color("name:N", title=HOSTILE),
            tooltip=[alt.Tooltip("name:N", title=HOSTILE)],
        )
    )
    exhibit = Exhibit(
        name=HOSTILE,
        finding=HOSTILE,
        table=table,
        columns=(Column("name", HOSTILE), Column("value", HOSTILE, "number")),
        chart=chart,
        tags=(Tag("note", HOSTILE),),
        method=HOSTILE,
        n=3,
    )
    page, log = opened(watched_page)
    draw(page, exhibit)
    page.click(".wb-table-button")
    page.hover(".mark-rect path >> nth=0")
    page.wait_for_selector(".wb-tip:visible")
    assert HOSTILE in page.text_content(".wb-tip")
    page.wait_for_timeout(100)
    assert page.evaluate("window.pwned === undefined")
    assert page.locator(".wb-exhibit :is(script, img)").count() == 0
    log.assert_clean()


@pytest.mark.browser
def test_a_chart_loads_nothing(watched_page):
    page, log = opened(watched_page)
    payload = budget_split().payload | {
        "chart": {
            "layer": [
                {"data": {"url": "http://127.0.0.1:9/data.json"}, "mark": "point", "encoding": {"x": {"field": "a"}}},
                {"data": {"values": [{}]}, "mark": {"type": "image", "url": "http://127.0.0.1:9/x.png"}},
                {"data": {"values": [{"a": 1}]}, "mark": {"type": "point", "href": "javascript:window.pwned=1"}},
            ]
        }
    }
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """([p, w]) => {
          const place = document.querySelector("main");
          return Promise.race([view.drawExhibit(place, p, w), new Promise((r) => setTimeout(r, 1500))]);
        }""",
        [payload, exhibit_words()],
    )
    assert [url for url in asked if not url.startswith(("blob:", "data:"))] == []
    assert page.locator("a[href]").count() == 0
    log.assert_clean()


@pytest.mark.browser
def test_the_page_forbids_eval_and_charts_draw_all_the_same(watched_page):
    policy = "<meta http-equiv=Content-Security-Policy content=\"script-src 'unsafe-inline' blob:\">"
    page, log = opened(watched_page, head=policy)
    draw(page, budget_split())
    draw(page, response_curves(), into="two")
    assert page.locator(".wb-drawing svg").count() == 2
    log.assert_clean()


@pytest.mark.browser
def test_widgets_of_a_page_share_one_runtime_from_the_kernel(watched_page):
    page, log = opened(watched_page, runtime="kernel")
    asked = page.evaluate(
        """([payloads, words]) => {
          const models = payloads.map((payload) => new Model({ payload, words }));
          window.models = models;
          for (const model of models) {
            const el = document.querySelector("main").appendChild(document.createElement("div"));
            view.default.render({ model, el });
          }
          const asks = (model) => model.sent.filter(({ kind }) => kind === "vega").length;
          return new Promise((resolve) => {
            const look = () => document.querySelectorAll(".wb-drawing svg").length === models.length
              ? resolve(models.map(asks)) : setTimeout(look, 20);
            look();
          });
        }""",
        [[sample().payload for sample in SAMPLES], exhibit_words()],
    )
    assert sum(asked) == 1
    # A change of two traits at once is one drawing.
    before = page.evaluate("Number(document.querySelector('.wb-exhibit').dataset.drawn)")
    page.evaluate(
        """async ([payload, words]) => {
          models[0].set("words", words);
          models[0].set("payload", payload);
          await new Promise((resolve) => setTimeout(resolve, 200));
        }""",
        [budget_split(finding="Changed.").payload, exhibit_words()],
    )
    assert page.text_content(".wb-finding >> nth=0") == "Changed."
    assert page.evaluate("Number(document.querySelector('.wb-exhibit').dataset.drawn)") == before + 1
    log.assert_clean()


@pytest.mark.browser
def test_another_widget_asks_when_the_first_gets_no_answer(watched_page):
    page, _log = opened(watched_page, runtime="kernel")
    page.evaluate("script => load(script.replace('PATIENCE = 15000', 'PATIENCE = 150'))", drawing_js())
    page.evaluate(
        """([payload, words]) => {
          for (const answers of [false, true]) {
            const model = new Model({ payload, words }, answers);
            const el = document.querySelector("main").appendChild(document.createElement("div"));
            view.default.render({ model, el });
          }
        }""",
        [budget_split().payload, exhibit_words()],
    )
    page.wait_for_function("document.querySelectorAll('.wb-drawing svg').length === 2")


@pytest.mark.browser
def test_without_a_runtime_the_table_stands_in(watched_page):
    page, log = opened(watched_page, runtime="none")
    draw(page, budget_split())
    assert "could not be drawn" in page.text_content(".wb-failed")
    assert page.get_by_role("table").is_visible()
    log.assert_clean()


@pytest.mark.browser
def test_the_page_may_announce_where_the_runtime_is(watched_page):
    page, log = opened(watched_page, runtime="meta", head='<meta name="workbook-vega" content="/static/vega.js">')
    asked = []
    page.route(
        "http://127.0.0.1:9/static/vega.js",
        lambda route: asked.append(1) or route.fulfill(body=runtime_js(), content_type="text/javascript"),
    )
    draw(page, budget_split())
    draw(page, need_scores(), into="two")
    assert page.locator(".wb-drawing svg").count() == 2
    assert asked == [1]
    log.assert_clean()


@pytest.mark.browser
def test_charts_follow_the_page_into_the_dark(watched_page):
    page, _log = opened(watched_page)
    draw(page, budget_split())
    count = drawn(page)
    page.emulate_media(color_scheme="dark")
    wait_drawn(page, count)
    assert page.get_attribute(".wb-exhibit", "data-wb-theme") == "dark"
    name = page.locator(".role-axis-label text").first
    assert name.get_attribute("fill") in ("#a9b2c1", "#eceff4")
    count = drawn(page)
    page.evaluate("() => { document.documentElement.dataset.theme = 'light' }")
    wait_drawn(page, count)
    assert page.get_attribute(".wb-exhibit", "data-wb-theme") == "light"


@pytest.mark.browser
def test_charts_are_printed_light(watched_page):
    page, _log = opened(watched_page, dark=True)
    draw(page, budget_split())
    seen = page.evaluate(
        """async () => {
          const names = () => [...document.querySelectorAll(".role-axis-label text")];
          const ink = () => names().map((text) => text.getAttribute("fill"));
          dispatchEvent(new Event("beforeprint"));
          // Only microtasks run between this event and the printing.
          for (let i = 0; i < 500; i++) await null;
          const printed = ink();
          dispatchEvent(new Event("afterprint"));
          for (let i = 0; i < 500; i++) await null;
          return { printed, after: ink() };
        }"""
    )
    assert set(seen["printed"]) == {"#1d2433", "#5b6475"}
    assert set(seen["after"]) == {"#eceff4", "#a9b2c1"}


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_no_serious_accessibility_findings(watched_page, dark):
    page, _log = opened(watched_page, 820, dark=dark)
    page.add_style_tag(content=f"body{{background:{'#14171d' if dark else '#fbfaf6'}}}")
    for i, exhibit in enumerate((budget_split(), response_curves(), need_scores(), nothing_yet())):
        draw(page, exhibit, into=f"place{i}")
    page.click(".wb-table-button >> nth=0")
    assert barriers(page) == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
def test_names_of_points_find_a_free_place_and_stay_in_the_plot(watched_page, width):
    import altair as alt
    import pandas as pd

    points = pd.DataFrame(
        {
            "x": [1, 1.1, 1.2, 9.9, 9.8, 5],
            "y": [2, 2.1, 1.9, 9, 8.9, 5],
            "name": [f"A name of some length {i}" for i in "abcdef"],
        }
    )
    base = alt.Chart(points).encode(x=alt.X("x:Q", scale=alt.Scale(domain=[0, 10])), y="y:Q")
    chart = base.mark_point() + base.properties(name="around_names").mark_text().encode(text="name:N")
    page, log = opened(watched_page, width)
    draw(page, Exhibit(name="t", finding="t", chart=chart.properties(height=300)))
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".wb-drawing .mark-text.role-mark text")].map((text) => {
          const { left, right, top, bottom } = text.getBoundingClientRect();
          return { left, right, top, bottom };
        })"""
    )
    card = page.locator(".wb-chart").bounding_box()
    assert len(boxes) == len(points)
    for box in boxes:
        assert card["x"] - 1 <= box["left"]
        assert box["right"] <= card["x"] + card["width"] + 1
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            assert across <= 1 or down <= 3
    log.assert_clean()


@pytest.mark.browser
def test_a_file_of_an_exhibit_is_saved_as_it_is_and_nobody_is_asked_for_it(watched_page):
    page, log = opened(watched_page)
    file = Attachment("spring.ics", "Calendar file", "text/calendar", "BEGIN:VCALENDAR\r\n</script> ì\r\n")
    draw(page, replace(SAMPLES[0](), files=(file,)))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Calendar file").press("Enter")
    assert waiting.value.suggested_filename == "spring.ics"
    assert Path(waiting.value.path()).read_bytes().decode() == file.content
    log.assert_clean()
