"""The page in a real browser: asking, reading, what is not found, checking, adding, keeping."""

import json
import re
import socket
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
from conftest import BAKERY, FERRY, UNDATED, ask, copied, open_page, serving, visiting
from playwright.sync_api import Browser, Page, Route, expect
from pytest import TempPathFactory, fixture

from index import Article, Library
from ui.cli import main

LONG = Article(
    "long",
    "A long article",
    "\n\n".join(
        [
            *("Filler stands here to make the text long. " * 8 for _ in range(30)),
            "The tide mill at Arnholt was built in 1721. It ground rye until a flood broke its gate in 1794.",
            *("More filler. " * 30 for _ in range(30)),
        ]
    ),
    source="Oster Weekly",
)

MILL = Article(
    "mill", "The mill", "The paper mill at Torvik employs forty people.", "Torvik News", published=date(2021, 1, 1)
)


@fixture(scope="module")
def folder(tmp_path_factory: TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page") / "library"
    with Library.create(folder) as library:
        library.add([BAKERY, FERRY, UNDATED, LONG, MILL])
        library.add([replace(MILL, text="The paper mill at Torvik employs ninety people.", published=date(2023, 1, 1))])
    return folder


@fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serving(folder) as address:
        yield address


def is_wide(page: Page) -> bool:
    return page.viewport_size["width"] >= 900


def open_side(page: Page) -> None:
    if page.locator("#fn-side").is_hidden():
        page.locator("#fn-side-button").click()


def test_an_answer_is_quoted_and_its_article_opens_at_the_marked_sentence(
    visit: Page, seed_page: str, seed_library: Library
) -> None:
    open_page(visit, seed_page)
    ask(visit, "What was shot down over the Atlantic Ocean?")
    first = visit.locator(".fn-cite").first
    expect(first).to_have_text("[1]")
    first.click()
    start, end, id = re.fullmatch(r"(\d+)-(\d+)-([^@]+)@\d+", first.get_attribute("data-place")).groups()
    article = seed_library.article(id)
    mark = visit.locator("#fn-page mark")
    expect(mark).to_have_text(article.text[int(start) : int(end)])
    expect(mark).to_be_focused()
    expect(visit.locator("#fn-page h2")).to_have_text(article.title)
    shown = re.sub(r"\s+", "", visit.locator("#fn-page").inner_text())
    assert re.sub(r"\s+", "", article.text) in shown, "the article is there whole"
    quote = visit.locator(".fn-quote").first
    expect(quote.locator("strong")).to_have_text(re.compile("balloon"))
    expect(quote.locator(".fn-source")).to_contain_text("Footnote demo desk")
    expect(visit.locator(".fn-stage").first).to_have_text(
        re.compile(r"Searched 60 passages in 16 articles · read 16 passages · \d+\.\d\d s")
    )


def test_the_whole_way_goes_by_keyboard_and_comes_back_to_the_same_place(visit: Page, address: str) -> None:
    open_page(visit, address)
    visit.keyboard.press("/")
    expect(visit.locator("#fn-question")).to_be_focused()
    for question in ("Who opened a bakery on Mill Lane?", "When was the tide mill at Arnholt built?"):
        visit.keyboard.type(question)
        turns = visit.locator(".fn-turn").count()
        visit.keyboard.press("Enter")
        expect(visit.locator(".fn-turn")).to_have_count(turns + 1, timeout=30_000)
    visit.keyboard.press("Escape")
    expect(visit.locator(".fn-asked").last).to_be_focused()
    cite = visit.locator(".fn-turn").last.locator(".fn-cite").first
    before = visit.locator("#fn-scroll").evaluate("scroll => scroll.scrollTop")
    visit.keyboard.press("1")
    mark = visit.locator("#fn-page mark")
    expect(mark).to_have_text("The tide mill at Arnholt was built in 1721.")
    expect(mark).to_be_focused()
    expect(mark).to_be_in_viewport()
    visit.keyboard.press("p")
    expect(visit.locator("#fn-page h2")).to_have_text(BAKERY.title)
    expect(mark).to_be_focused()
    visit.keyboard.press("n")
    expect(visit.locator("#fn-page h2")).to_have_text("A long article")
    visit.keyboard.press("c")
    expect(visit.locator("#fn-toast")).to_contain_text("Quote copied")
    assert visit.evaluate("navigator.clipboard.readText()") == (
        "“The tide mill at Arnholt was built in 1721.” — Oster Weekly, “A long article”, no date"
    )
    visit.keyboard.press("Escape")
    expect(cite).to_be_focused()
    assert visit.locator("#fn-scroll").evaluate("scroll => scroll.scrollTop") == before
    visit.keyboard.press("Enter")
    expect(mark).to_be_focused()
    visit.keyboard.press("Escape")
    visit.keyboard.press("?")
    expect(visit.locator("#fn-keys")).to_be_visible()
    visit.keyboard.press("Escape")
    expect(visit.locator("#fn-keys")).to_be_hidden()


def test_a_follow_up_says_what_was_searched_and_has_a_way_back(wide: Page, seed_page: str) -> None:
    open_page(wide, seed_page)
    ask(wide, "Where did Biden and Xi meet in 2022?")
    ask(wide, "And in 2023?")
    expect(wide.locator(".fn-turn").last).to_contain_text("Searched as: Where did Biden and Xi meet in 2023?")
    wide.get_by_role("button", name="Search only the words I typed").click()
    expect(wide.locator(".fn-turn")).to_have_count(3, timeout=30_000)
    expect(wide.locator(".fn-turn").last).to_contain_text("Searched by these words alone.")
    expect(wide.locator(".fn-turn").last).to_contain_text("Not in the articles.")
    wide.locator("[data-do=new]").click()
    expect(wide.locator(".fn-turn")).to_have_count(0)
    expect(wide.locator("#fn-page mark")).to_have_count(0)
    ask(wide, "Why?")
    expect(wide.locator("#fn-talk")).not_to_contain_text("Searched as")


def test_suggested_questions_are_answered_and_nothing_waits_for_an_answer(visit: Page, seed_page: str) -> None:
    open_page(visit, seed_page)
    suggestion = visit.locator(".fn-suggestion").first
    suggestion.click(timeout=30_000)
    box = visit.locator("#fn-question")
    box.fill("What is strategic ambiguity?")
    box.press("Enter")
    box.fill("Which leader ")
    expect(visit.locator(".fn-turn")).to_have_count(2, timeout=30_000)
    expect(box).to_have_value("Which leader ")
    expect(visit.locator(".fn-turn").first.locator(".fn-cite").first).to_be_attached()
    expect(visit.locator(".fn-asked").last).to_have_text("What is strategic ambiguity?")


def test_not_found_looks_different_and_a_filter_that_hides_an_answer_can_be_dropped(visit: Page, address: str) -> None:
    open_page(visit, address)
    open_side(visit)
    visit.get_by_label("Oster Weekly").check()
    if not is_wide(visit):
        visit.keyboard.press("Escape")
        expect(visit.locator("#fn-side-button")).to_be_focused()
    expect(visit.locator("#fn-limited")).to_contain_text("Searching only in Oster Weekly.")
    ask(visit, "Who opened a bakery on Mill Lane?")
    nothing = visit.locator(".fn-nothing")
    expect(nothing).to_contain_text("Not in the articles.")
    expect(nothing).to_contain_text("There is an answer outside the sources asked for.")
    expect(nothing).to_contain_text("Closest, but not an answer:")
    nothing.get_by_role("button", name="Ask again in all outlets").click()
    expect(visit.locator(".fn-turn")).to_have_count(2, timeout=30_000)
    expect(visit.locator(".fn-turn").last).to_contain_text("Rosa Quint opened a bakery")
    expect(visit.locator("#fn-limited")).to_be_hidden()


def test_dates_limit_what_is_searched(wide: Page, address: str) -> None:
    open_page(wide, address)
    open_side(wide)
    wide.get_by_label("From").fill("2022-01-01")
    ask(wide, "Who opened a bakery on Mill Lane?")
    expect(wide.locator(".fn-turn")).to_contain_text("Not in the articles.")
    expect(wide.locator(".fn-turn")).to_contain_text("from 1 January 2022")
    wide.get_by_role("button", name="Ask again for all dates").click()
    expect(wide.locator(".fn-turn").last).to_contain_text("Rosa Quint opened a bakery", timeout=30_000)


def test_as_of_a_day_answers_come_from_the_versions_of_that_day(wide: Page, address: str) -> None:
    question = "How many people does the paper mill at Torvik employ?"
    open_page(wide, address)
    open_side(wide)
    wide.get_by_label("As it stood on").fill("2022-06-01")
    expect(wide.locator("#fn-limited")).to_contain_text("Searching only as it stood on 1 June 2022.")
    ask(wide, question)
    turn = wide.locator(".fn-turn").last
    expect(turn).to_contain_text("employs forty people")
    expect(turn).to_contain_text("as it stood on 1 June 2022")
    turn.locator(".fn-cite").first.click()
    expect(wide.locator("#fn-page mark")).to_have_text(MILL.text)
    wide.get_by_label("As it stood on").fill("2020-06-01")
    ask(wide, question)
    nothing = wide.locator(".fn-turn").last.locator(".fn-nothing")
    expect(nothing).to_contain_text("There is an answer outside what there was that day.")
    nothing.get_by_role("button", name="Ask again as of now").click()
    expect(wide.locator(".fn-turn").last).to_contain_text("employs ninety people", timeout=30_000)
    expect(wide.locator("#fn-limited")).to_be_hidden()


def test_an_answer_is_checked_and_the_library_is_measured_by_it(
    wide: Page, folder: Path, address: str, tmp_path: Path
) -> None:
    open_page(wide, address)
    question = f"When was the tide mill at Arnholt built, on {wide.viewport_size['width']} pixels?"
    ask(wide, question)
    quote = wide.locator(".fn-quote").first
    checked = quote.get_by_role("button", name="Checked")
    checked.click()
    expect(checked).to_have_attribute("aria-pressed", "true")
    wide.locator("summary", has_text="Is an article missing?").click()
    wide.get_by_label("Which article should be here?").fill("The mill's own <b>history</b>")
    wide.get_by_role("button", name="Keep the note").click()
    expect(wide.locator("summary", has_text="Missing article noted")).to_be_visible()
    ask(wide, "Who opened a bakery on Mill Lane?")
    wrong = wide.locator(".fn-turn").last.locator(".fn-quote").first.locator(".fn-wrong")
    wrong.locator("summary").click()
    wrong.get_by_role("button", name="Not an answer").click()
    expect(wrong.locator("summary")).to_have_text("Not an answer")
    wide.reload()
    expect(wide.locator(".fn-quote").first.get_by_role("button", name="Checked")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(wide.locator(".fn-turn").last.locator(".fn-said")).to_have_count(1)
    report = tmp_path / "own.json"
    assert main(["eval", "--own", "--library", str(folder), "--quiet", "--json", str(report)]) == 0
    rows = {row["question"]: row for row in json.loads(report.read_text("utf-8"))["rows"]}
    assert rows[question]["outcome"] == "right"
    assert "Who opened a bakery on Mill Lane?" not in rows, "a wrong quote alone judges nothing"


def test_articles_are_added_found_removed_and_put_back(visit: Page, address: str, tmp_path: Path) -> None:
    open_page(visit, address)
    number = visit.viewport_size["width"]
    good, bad = tmp_path / "lighthouse.md", tmp_path / "broken.pdf"
    good.write_text(
        f"---\ntitle: Light {number}\nsource: Coast News\n---\nThe lighthouse at Vik{number} was lit in 1888.\n"
    )
    bad.write_bytes(b"%PDF-1.4 nothing")
    visit.get_by_role("button", name="Add").click()
    visit.locator("#fn-files").set_input_files([good, bad])
    rows = visit.locator("#fn-uploads > li")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="lighthouse.md")).to_contain_text("1 article: 1 added.", timeout=30_000)
    refused = rows.filter(has_text="broken.pdf")
    expect(refused).to_contain_text("Not added:", timeout=30_000)
    expect(refused).to_contain_text("Expected:")
    expect(refused).not_to_contain_text("/tmp")
    visit.locator("summary", has_text="Paste a text").click()
    visit.get_by_label("Title").fill("Pasted")
    visit.get_by_label("Outlet").fill("Notebook")
    visit.get_by_label("Text", exact=True).fill(f"The keeper of Vik{number} was called Tora Lind.")
    visit.get_by_role("button", name="Add this text").click()
    expect(rows.filter(has_text="Pasted")).to_contain_text("1 article: 1 added.", timeout=30_000)
    visit.keyboard.press("Escape")
    ask(visit, f"When was the lighthouse at Vik{number} lit?")
    expect(visit.locator(".fn-turn").last).to_contain_text("was lit in 1888")
    ask(visit, f"Who was the keeper of Vik{number}?")
    expect(visit.locator(".fn-quote strong").last).to_have_text(re.compile("Tora Lind"))
    visit.locator(".fn-turn").first.locator(".fn-cite").first.click()
    visit.get_by_role("button", name="Remove").click()
    expect(visit.locator("#fn-toast")).to_contain_text(f"Removed: Light {number}")
    visit.get_by_role("button", name="Undo").click()
    expect(visit.locator("#fn-toast")).to_contain_text("Back in the library")
    visit.locator("[data-do=new]").click()
    ask(visit, f"When was the lighthouse at Vik{number} lit?")
    expect(visit.locator(".fn-turn").last).to_contain_text("was lit in 1888")


def test_a_conversation_is_kept_reopened_renamed_saved_and_deleted(wide: Page, seed_page: str) -> None:
    open_page(wide, seed_page)
    ask(wide, "What is strategic ambiguity?")
    ask(wide, "How many articles mention Taiwan?")
    expect(wide.locator(".fn-reply")).to_contain_text("all were looked through")
    link = wide.url
    assert re.search(r"\?c=[0-9a-f]{32}$", link)
    wide.goto(seed_page)
    expect(wide.locator(".fn-welcome")).to_be_visible()
    wide.goto(link)
    expect(wide.locator(".fn-turn")).to_have_count(2)
    open_side(wide)
    current = wide.locator(".fn-current")
    current.get_by_label("Name").fill("<b>Ambiguity</b>")
    current.get_by_role("button", name="Rename").click()
    expect(current).to_contain_text("<b>Ambiguity</b>")
    for kind, opening in (("Markdown", "# \\<b\\>Ambiguity"), ("JSON", "{")):
        with wide.expect_download() as download:
            current.get_by_role("link", name=kind).click()
        assert Path(download.value.path()).read_text("utf-8").startswith(opening)
    with wide.context.expect_page() as printed:
        current.get_by_role("link", name="To print").click()
    expect(printed.value.locator("h1")).to_have_text("<b>Ambiguity</b>")
    expect(printed.value.locator("blockquote").first).to_contain_text("“")
    printed.value.close()
    current.get_by_role("button", name="Delete this conversation").click()
    wide.get_by_role("button", name="Keep it").click()
    expect(current).to_be_attached()
    current.get_by_role("button", name="Delete this conversation").click()
    wide.get_by_role("button", name="Delete", exact=True).click()
    expect(wide.locator("#fn-toast")).to_contain_text("Conversation deleted.")
    expect(wide.locator(".fn-turn")).to_have_count(0)
    wide.goto(link)
    expect(wide.locator("#fn-toast")).to_contain_text("there is no conversation")


def test_a_question_that_cannot_be_asked_gets_a_message_and_is_not_lost(wide: Page, seed_page: str) -> None:
    open_page(wide, seed_page)
    wide.locator("#fn-question").fill("?!")
    wide.keyboard.press("Enter")
    expect(wide.locator(".fn-message")).to_contain_text("expected a few words")
    expect(wide.locator("#fn-question")).to_have_value("?!")


def test_a_server_that_goes_away_loses_neither_the_question_nor_the_conversation(
    browser: Browser, tmp_path: Path
) -> None:
    with Library.create(tmp_path / "library") as library:
        library.add([BAKERY, FERRY])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with visiting(browser) as page:
        with serving(tmp_path / "library", "--port", str(port)) as address:
            open_page(page, address)
            ask(page, "Who opened a bakery on Mill Lane?")
        page.locator("#fn-question").fill("Why was the ferry to Oster late?")
        page.keyboard.press("Enter")
        expect(page.locator("#fn-lost")).to_be_visible(timeout=15_000)
        page.locator("#fn-question").fill("Half a quest")
        with serving(tmp_path / "library", "--port", str(port)):
            expect(page.locator(".fn-turn")).to_have_count(2, timeout=30_000)
            expect(page.locator(".fn-turn").last).to_contain_text("because fog lay on the water")
            expect(page.locator(".fn-turn").first).to_contain_text("Rosa Quint")
            expect(page.locator("#fn-question")).to_have_value("Half a quest")


def test_a_server_that_goes_away_while_a_question_waits_in_line_is_told_and_the_question_asked_again(
    browser: Browser, seed_folder: Path, tmp_path: Path
) -> None:
    copied(seed_folder, tmp_path / "library")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with visiting(browser) as page:
        with serving(tmp_path / "library", "--port", str(port)) as address:
            open_page(page, address)
            for number in range(100):  # more than is answered while a server that was told to end still may
                _join(address, f"other {number}", "Where did Biden and Xi meet in 2022?")
            page.locator("#fn-question").fill("What is strategic ambiguity?")
            page.keyboard.press("Enter")
            expect(page.locator("#fn-talk .fn-stage")).to_contain_text("before you", timeout=15_000)
        expect(page.locator("#fn-lost")).to_be_visible(timeout=15_000)
        with serving(tmp_path / "library", "--port", str(port)):
            expect(page.locator(".fn-turn")).to_have_count(1, timeout=30_000)
            expect(page.locator("#fn-talk .fn-turn")).to_contain_text("the American habit of not saying")


def _join(address: str, session: str, question: str) -> None:
    """Send a question as another visitor's page does, and do not wait for the answer."""
    event = {"key": uuid.uuid4().hex, "question": question}
    body = {"data": [], "event_data": {"question": event}, "session_hash": session, "fn_index": 0, "trigger_id": 1}
    httpx.post(f"{address}/gradio_api/queue/join", json=body).raise_for_status()


def test_an_event_that_the_client_loses_is_sent_again_and_answered_once(wide: Page, address: str) -> None:
    """Gradio's client closes its stream when one event ends, and loses another that was sent in that moment."""
    open_page(wide, address)
    lost = []

    def close_at_once(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route)
            route.fulfill(content_type="text/event-stream", body='data: {"msg": "close_stream"}\n\n')

    wide.route("**/queue/data*", close_at_once)
    ask(wide, "Who opened a bakery on Mill Lane?")
    assert lost
    expect(wide.locator(".fn-turn")).to_have_count(1)
    ask(wide, "When was the tide mill at Arnholt built?")
    expect(wide.locator(".fn-turn").last).to_have_attribute("data-turn", "1")


def test_a_question_can_be_stopped_and_comes_back_to_be_changed(wide: Page, address: str) -> None:
    open_page(wide, address)
    wide.route("**/queue/data*", lambda route: None)
    wide.locator("#fn-question").fill("Who opened a bakery on Mill Lane?")
    wide.keyboard.press("Enter")
    wide.get_by_role("button", name="Stop").click()
    expect(wide.locator(".fn-message")).to_have_text("Stopped.")
    expect(wide.locator("#fn-question")).to_have_value("Who opened a bakery on Mill Lane?")
    expect(wide.locator("#fn-question")).to_be_focused()


def test_a_question_asked_before_the_page_is_ready_is_answered_once(wide: Page, seed_page: str) -> None:
    held, open_ = [], False
    wide.route("**/component_server/", lambda route: route.continue_() if open_ else held.append(route))
    wide.goto(seed_page)
    wide.wait_for_function("document.querySelector('.fn-app')?.dataset.started")
    wide.locator("#fn-question").fill("What is strategic ambiguity?")
    wide.locator("#fn-question").press("Enter")
    wide.wait_for_function("sessionStorage.getItem('footnote-pending')")
    open_ = True
    for route in held:
        route.continue_()
    expect(wide.locator("#fn-holds")).not_to_be_empty(timeout=30_000)
    expect(wide.locator("#fn-talk .fn-turn")).to_have_count(1, timeout=30_000)
    wide.wait_for_timeout(1500)
    expect(wide.locator("#fn-talk .fn-turn")).to_have_count(1)
