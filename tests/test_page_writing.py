"""What a language model writes below the quotes: after them, checked, drawn as text, and in nobody's way."""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from conftest import BAKERY, FERRY, UNDATED, ask, open_page, serving, visiting
from model_server import Behaviour, ModelServer, answers, model_server, says, stalls
from playwright.sync_api import Browser, Page, expect
from pytest import TempPathFactory, fixture, mark

from index import Library
from qa import LanguageModel, answer
from ui.authority import Visitor
from ui.page_writing import Writing

OWNER = SimpleNamespace(state=SimpleNamespace(visitor=Visitor()))
READER = SimpleNamespace(state=SimpleNamespace(visitor=Visitor("somebody", may_change=False)))
WHO = "Who opened a bakery on Mill Lane?"


@contextmanager
def writing(behave: Behaviour, seconds: float = 20) -> Iterator[tuple[Writing, ModelServer]]:
    with model_server(behave) as server:
        yield Writing(LanguageModel(server.address, "small", seconds=seconds)), server


def done(scene: Callable[[], Any]) -> Any:
    return asyncio.run(scene())


def test_an_answer_is_written_over_once_and_for_who_asked(seed_library: Library) -> None:
    found = answer("What is strategic ambiguity?", seed_library)
    key = str(uuid.uuid4())
    with writing(says("Strategic ambiguity is a policy [1].")) as (one, server):

        async def scene() -> list[str]:
            assert "small writes" in one.offered(key, "somebody", found)
            strange = await one.written(key, OWNER)
            one.offered(key, "somebody", found)
            return [told["html"] for told in (strange, *[await one.written(key, READER) for _ in range(2)])]

        strange, first, again = done(scene)
        assert (strange, again) == ("", "")
        assert "fn-written-mark" in first
        assert len(server.requests) == 1
    assert Writing(None).offered(key, "", found) == ""


def test_a_visitor_does_not_learn_where_the_model_is(seed_library: Library) -> None:
    found = answer("What is strategic ambiguity?", seed_library)
    with writing(answers(b"", status=401)) as (one, server):

        async def scene() -> list[str]:
            told = []
            for number, (owner, request) in enumerate((("somebody", READER), ("", OWNER))):
                one.offered(str(number), owner, found)
                told.append((await one.written(str(number), request))["html"])
            return told

        for_reader, for_owner = done(scene)
        assert for_reader == '<p class="fn-stage">small wrote nothing this time.</p>'
        assert server.address in for_owner


def test_what_is_stopped_leaves_its_place_to_others(seed_library: Library) -> None:
    found = answer("What is strategic ambiguity?", seed_library)
    with writing(stalls) as (one, server):

        async def scene() -> list[dict[str, str]]:
            keys = [str(number) for number in range(12)]
            for key in keys:
                one.offered(key, "", found)
            works = [asyncio.create_task(one.written(key, OWNER)) for key in keys]
            while len(server.requests) < 4:
                await asyncio.sleep(0.01)
            for key in keys:
                one.stop(key)
            told = await asyncio.gather(*works)
            one.offered("late", "", found)
            one.stop("late")
            return [*told, await one.written("late", OWNER)]

        assert done(scene) == [{"html": ""}] * 13
        assert len(server.requests) == 4, "a few are asked at a time"


class Script:
    """Behave otherwise from one question to the next."""

    now: Behaviour = staticmethod(stalls)

    def __call__(self, handler: Any, server: ModelServer) -> None:
        self.now(handler, server)


@fixture(scope="module")
def script() -> Script:
    return Script()


@fixture(scope="module")
def server(script: Script) -> Iterator[ModelServer]:
    with model_server(script) as server:
        yield server


@fixture(scope="module")
def folder(tmp_path_factory: TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("writing") / "library"
    with Library.create(folder) as library:
        library.add([BAKERY, FERRY, UNDATED])
    return folder


@fixture(scope="module")
def address(folder: Path, server: ModelServer) -> Iterator[str]:
    options = ("--writer", server.address, "--writer-model", "small", "--writer-seconds", "8")
    with serving(folder, *options) as address:
        yield address


def test_what_is_written_comes_below_the_quotes_with_doubtful_words_marked(
    wide: Page, address: str, script: Script
) -> None:
    script.now = says("Rosa Quint opened a bakery on Mill Lane on Friday [1].")
    open_page(wide, address)
    ask(wide, WHO)
    written = wide.locator(".fn-written")
    expect(written).to_contain_text("Written by small from the quotes above; check it:")
    expect(written.locator("u.fn-doubtful")).to_have_text("Friday")
    expect(written.locator(".fn-doubtful-mark")).to_have_text("?")
    assert "underline" in written.locator("u").evaluate("one => getComputedStyle(one).textDecorationLine")
    assert written.evaluate("one => getComputedStyle(one).borderTopStyle") == "dashed"
    expect(wide.locator(".fn-working, #fn-stop:visible")).to_have_count(0)
    mark = written.locator(".fn-written-mark")
    mark.click()
    expect(wide.locator("#fn-page mark")).to_be_focused()
    assert wide.locator("#fn-page mark").inner_text() in BAKERY.text
    wide.keyboard.press("Escape")
    expect(mark).to_be_focused()
    wide.reload()
    expect(wide.locator(".fn-turn")).to_have_count(1)
    expect(written).to_have_count(0)


def test_quotes_are_there_while_the_model_stalls_and_a_new_question_does_not_wait(
    wide: Page, address: str, script: Script
) -> None:
    script.now = stalls
    open_page(wide, address)
    ask(wide, WHO)
    expect(wide.locator(".fn-cite").first).to_be_visible()
    writing = wide.locator(".fn-writing")
    expect(writing).to_have_text("small writes from these quotes")
    expect(wide.locator("#fn-stop")).to_be_visible()
    expect(wide.locator("#fn-send")).to_be_visible()
    script.now = says("Captain Ivo Brandt waited [1].")
    ask(wide, "Which captain waited?")
    expect(wide.locator(".fn-place").first.locator(".fn-writing, .fn-written")).to_have_count(0)
    expect(wide.locator(".fn-written")).to_contain_text("Captain Ivo Brandt waited.")


def test_writing_is_stopped_by_the_button_and_the_quotes_stay(wide: Page, address: str, script: Script) -> None:
    script.now = stalls
    open_page(wide, address)
    ask(wide, WHO)
    wide.locator("#fn-stop").click()
    expect(wide.locator(".fn-writing")).to_have_count(0)
    expect(wide.locator("#fn-stop")).to_be_hidden()
    expect(wide.locator("#fn-question")).to_be_focused()
    expect(wide.locator(".fn-cite").first).to_be_visible()


HOSTILE = (
    "Rosa Quint <img src=x onerror=alert(1)> opened a bakery <script>window.hacked = 1</script> on Mill Lane [1]. "
    "Rosa Quint sells bread [9]. "
    "<button data-do=remove>Rosa Quint</button> [the bakery](javascript:alert(2)) ${alert(3)} on Mill Lane [1]."
)


def test_nothing_that_a_model_writes_does_anything(wide: Page, address: str, script: Script) -> None:
    script.now = says(HOSTILE)
    wide.add_init_script("window.hacked = undefined")
    open_page(wide, address)
    ask(wide, WHO)
    written = wide.locator(".fn-written")
    expect(written).to_contain_text("<script>window.hacked = 1")
    expect(written).to_contain_text("1 sentence left out: names a quote that is not there.")
    expect(written).not_to_contain_text("[9]")
    assert written.locator("img, script, button, [data-do]").count() == 0
    assert set(written.locator("a").evaluate_all("all => all.map((one) => one.className)")) == {"fn-written-mark"}
    assert wide.evaluate("window.hacked") is None


@mark.parametrize(
    ("behave", "said"),
    [
        (answers(b"{}", status=500), "small wrote nothing:"),
        (says("NO ANSWER"), "small found no answer in the quotes above."),
        (says("Cows fly over the moon [7]."), "Nothing that small wrote is shown"),
    ],
)
def test_a_model_that_fails_is_one_quiet_line(
    browser: Browser, address: str, script: Script, behave: Behaviour, said: str
) -> None:
    script.now = behave
    with visiting(browser) as page:
        open_page(page, address)
        ask(page, WHO)
        expect(page.locator(".fn-writing > p.fn-stage")).to_contain_text(said)
        expect(page.locator(".fn-writing > *")).to_have_count(1)
        expect(page.locator(".fn-written, .fn-message, #fn-stop:visible")).to_have_count(0)


def test_a_model_is_not_asked_where_nothing_is_found(wide: Page, address: str, server: ModelServer) -> None:
    before = len(server.requests)
    open_page(wide, address)
    ask(wide, "Who built the space station?")
    ask(wide, "list the sources")
    expect(wide.locator(".fn-writing, .fn-written")).to_have_count(0)
    assert len(server.requests) == before
