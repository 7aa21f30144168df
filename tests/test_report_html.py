"""The report as a page: nothing from outside, nothing that runs, every question there."""

import re
from html.parser import HTMLParser
from pathlib import Path

from conftest import chromium
from playwright.sync_api import expect, sync_playwright
from pytest import mark

from qa.evaluation import Outcome, Quoted, Report, Row, figures
from ui.report_html import confidence_plot, latency_plot, report_html, risk_plot

EVIL = (
    '<img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script> ${x} {{y}} \' " http://evil.example'
)


def row(id: str, outcome: Outcome, confidence: float = 0.4, text: str = "Plain text") -> Row:
    answerable = outcome not in {Outcome.REFUSED, Outcome.FALSE}
    quoted = outcome in {Outcome.RIGHT, Outcome.LATE, Outcome.WRONG, Outcome.FALSE}
    values = (
        {"first quote right": float(outcome is Outcome.RIGHT), "answered": float(quoted)}
        if answerable
        else {"refused": float(not quoted)}
    )
    return Row(
        id,
        text,
        text,
        text + "!",
        answerable,
        outcome,
        confidence,
        0.02,
        (Quoted(text, text, text, 0, 5, 0.3),) if quoted else (),
        ({"article": text, "start": 0, "end": 5, "text": text},) if answerable else (),
        (text,),
        values,
        (),
    )


ROWS = (
    row("one", Outcome.RIGHT, 0.95),
    row("two", Outcome.WRONG, 0.91, EVIL),
    row("three", Outcome.UNANSWERED, 0.1),
    row("four", Outcome.NOT_FOUND, 0.0),
    row("five", Outcome.LATE, 1.0),
    row("six", Outcome.REFUSED, 0.2),
    row("seven", Outcome.FALSE, 0.8, EVIL),
)
REPORT = Report({"unit": "passage", "seed": 0, "articles": 2, "passages": 3, "encoder": EVIL}, ROWS, figures(ROWS))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    return reader


def test_every_question_is_there_and_no_text_is_markup() -> None:
    page = read(report_html(REPORT, EVIL))
    tags = [tag for tag, _ in page.tags]
    assert tags.count("details") == len(ROWS)
    assert tags.count("script") == 1
    assert "img" not in tags
    assert not any(
        name.startswith("on") or name in {"src", "href"} for _, attributes in page.tags for name in attributes
    )
    assert page.text.count("window.hacked=1") >= 8


def test_the_plots_show_every_question_once() -> None:
    def counted(plot: str) -> int:
        return sum(int(count) for count in re.findall(r'data-count="(\d+)"', plot))

    assert counted(confidence_plot(ROWS)) == counted(latency_plot(ROWS)) == len(ROWS)
    assert "<polyline" in risk_plot(ROWS)
    for plot in (confidence_plot(ROWS), latency_plot(ROWS), risk_plot(ROWS)):
        assert "aria-label" in plot or "<title>" in plot


@mark.parametrize("rows", [(), ROWS[:1], ROWS[5:6]], ids=["none", "answerable", "unanswerable"])
def test_a_small_report_is_drawn_too(rows: tuple[Row, ...]) -> None:
    page = report_html(Report(REPORT.settings, rows, figures(rows)), "T")
    assert [tag for tag, _ in read(page).tags].count("details") == len(rows)
    assert "nan" not in read(page).text.lower().split()


@mark.parametrize("width", [1280, 390])
def test_in_a_browser_it_filters_and_asks_for_nothing(tmp_path: Path, width: int) -> None:
    file = tmp_path / "report.html"
    file.write_text(report_html(REPORT, "Report"), "utf-8")
    with sync_playwright() as playwright, chromium(playwright) as browser:
        page = browser.new_page(viewport={"width": width, "height": 800})
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url))
        page.goto(file.as_uri())
        expect(page.locator("details:visible")).to_have_count(len(ROWS))
        page.get_by_role("button", name=re.compile("wrong quote")).press("Enter")
        expect(page.locator("details:visible")).to_have_count(1)
        page.get_by_role("button", name=re.compile("refused")).press("Enter")
        expect(page.locator("details:visible")).to_have_count(2)
        page.get_by_role("searchbox").or_(page.get_by_role("textbox")).fill("evil.example")
        expect(page.locator("details:visible")).to_have_count(1)
        assert asked == [file.as_uri()]
        assert page.evaluate("window.hacked") is None
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
