"""The page under attack, in a real browser: by articles, titles, file names, questions and addresses."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from conftest import BAKERY, FERRY, ask, open_page, serving, visiting
from hostile import ADDRESSES, FILE_NAMES, TEXTS
from playwright.sync_api import Browser, Page, expect
from pytest import TempPathFactory, fixture

from index import Article, Library

PLANTED = [" ".join(TEXTS[number : number + 2]).replace("\0", "") for number in range(0, len(TEXTS), 2)]
WORDS = [f"zorb{chr(97 + number)}" for number in range(len(PLANTED))]
"""A word for each text, by which its article is found."""


def _hostile(number: int) -> Article:
    text = PLANTED[number]
    return Article(
        f"evil{number}",
        f"Plant {WORDS[number]} {text}",
        f"The plant {WORDS[number]} grows {text} in Arnholt.\n\nNobody knows {WORDS[number]} better. That {text} is known.",
        source=text,
        url=ADDRESSES[number % len(ADDRESSES)],
    )


def batched(texts: list[str], size: int) -> Iterator[list[str]]:
    left = iter(texts)
    while batch := list(islice(left, size)):
        yield batch


@fixture(scope="module")
def address(tmp_path_factory: TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile") / "library"
    with Library.create(folder) as library:
        library.add([BAKERY, replace(FERRY, url="https://evil.example/"), *map(_hostile, range(len(PLANTED)))])
    with serving(folder) as address:
        yield address


@fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with visiting(browser) as page:
        page.add_init_script("window.hacked = undefined")
        open_page(page, address)
        page.ours = page.evaluate(ELEMENTS)
        yield page
        unharmed(page)


ELEMENTS = "() => [...new Set([...document.querySelectorAll('*')].map((one) => one.localName))]"
OURS = {
    *"section h2 h3 h4 ol ul li blockquote p strong b span cite small button div details summary label input".split(),
    *"article mark a form progress small br".split(),
}


def unharmed(page: Page) -> None:
    """Nothing ran, nothing became an element, nothing leads to a script, the page is the page."""
    assert page.evaluate("window.hacked") is None
    assert set(page.evaluate(ELEMENTS)) - set(page.ours) <= OURS
    strange = page.evaluate(
        """() => [...document.querySelectorAll('.fn-app *')].flatMap((one) => [...one.attributes]
        .filter(({name, value}) => /^on/.test(name) || name === 'style' && one.closest('#fn-talk, #fn-page, #fn-uploads')
          || ['src', 'srcset', 'ping', 'action', 'formaction', 'poster', 'data'].includes(name)
          || name === 'href' && /^\\s*(javascript|data|vbscript):/i.test(value))
        .map(({name, value}) => `${one.localName} ${name}=${value}`))"""
    )
    assert strange == []
    assert page.locator("#fn-question").count() == page.locator(".fn-app").count() == page.locator("h1").count() == 1
    drawn = page.locator("#fn-talk, #fn-page, #fn-uploads, #fn-kept")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", " ".join(drawn.all_inner_texts()))


def test_no_article_title_source_or_address_does_anything(page: Page) -> None:
    quoted = 0
    for number in range(len(PLANTED)):
        page.locator("[data-do=new]").click()
        ask(page, f"Where does the plant {WORDS[number]} grow?")
        turn = page.locator(".fn-turn").last
        assert turn.locator(".fn-cite").count() == turn.locator(".fn-quote").count() > 0, "no citation is forged"
        mine = turn.locator(f'.fn-cite[data-place*="-evil{number}@"]')
        quoted += mine.count() > 0
        if not mine.count():
            ask(page, f"Which articles mention {WORDS[number]}?")
            mine = page.locator(f'.fn-reply [data-place="0-0-evil{number}"]')
        mine.first.click()
        expect(page.locator("#fn-page .fn-article")).to_contain_text(f"Nobody knows {WORDS[number]} better.")
        unharmed(page)
    assert quoted > len(PLANTED) / 2


def test_no_question_does_anything_nor_does_its_name_in_the_list(page: Page) -> None:
    page.locator("#fn-side-button").click()
    for texts in batched(TEXTS, 3):
        page.locator("[data-do=new]").click()
        ask(page, f"Who opened a bakery {' '.join(texts)}?")
        expect(page.locator("#fn-kept .fn-current")).to_be_attached()
        unharmed(page)
    page.reload()
    expect(page.locator(".fn-turn")).to_have_count(1)
    unharmed(page)


def test_no_file_name_or_pasted_text_does_anything(page: Page) -> None:
    page.locator("#fn-add-button").click()
    rows = page.locator("#fn-uploads > li")
    for number, name in enumerate(FILE_NAMES):
        text = f"A pond at Vik {number} holds carp {TEXTS[number]}. "
        page.evaluate(
            """([name, text]) => {
                const given = new DataTransfer();
                given.items.add(new File([text], name));
                const files = document.querySelector('#fn-files');
                files.files = given.files;
                files.dispatchEvent(new Event('change', { bubbles: true }));
            }""",
            [name, text.replace("\0", "")],
        )
    expect(rows).to_have_count(len(FILE_NAMES))
    expect(page.locator("#fn-uploads progress")).to_have_count(0, timeout=60_000)
    unharmed(page)
    page.evaluate("document.querySelector('.fn-paste').open = true")
    for number, text in enumerate(TEXTS[:8]):
        page.locator("#fn-paste [name=title]").fill(text)
        page.locator("#fn-paste [name=source]").fill(text)
        page.locator("#fn-paste [name=text]").fill(f"{text} stands in paste {number}.")
        page.get_by_role("button", name="Add this text").click()
        expect(rows).to_have_count(len(FILE_NAMES) + number + 1)
        expect(page.locator("#fn-uploads progress")).to_have_count(0, timeout=60_000)
    unharmed(page)


def test_only_a_web_address_becomes_a_link_and_it_tells_the_other_side_nothing(page: Page) -> None:
    ask(page, "Why was the ferry to Oster late?")
    page.locator('.fn-cite[data-place*="-ferry@"]').first.click()
    link = page.locator("#fn-page a")
    expect(link).to_have_attribute("href", "https://evil.example/")
    expect(link).to_have_attribute("rel", re.compile("noopener noreferrer"))


def test_a_page_elsewhere_cannot_use_a_visitor_to_change_the_library(page: Page, address: str) -> None:
    def status(path: str, headers: dict[str, str], body: str) -> str:
        return page.context.request.post(f"{address}{path}", headers=headers, data=body).text()

    foreign = {"origin": "http://evil.example", "content-type": "application/json", "x-footnote": "page"}
    assert "a request from a page of" in status("/_page/articles?name=a.txt", foreign, '{"text": "Planted."}')
    plain = {"content-type": "text/plain"}
    assert "you may read this library only" in status("/_page/articles?name=a.txt", plain, "Planted.")
    calls = page.evaluate("window.gradio_config.components.find((one) => one.props.server_fns?.length).id")
    body = f'{{"data": {{"id": "ferry"}}, "component_id": {calls}, "fn_name": "remove", "session_hash": "x"}}'
    said = status("/gradio_api/component_server/", {**foreign, "content-type": "text/plain"}, body)
    assert '"title"' not in said
    ask(page, "Why was the ferry to Oster late?")
    expect(page.locator(".fn-turn").last).to_contain_text("because fog lay on the water")


def test_a_text_that_is_no_article_of_ours_cannot_be_uploaded_past_the_page(page: Page, address: str) -> None:
    sent = page.context.request.post(
        f"{address}/gradio_api/upload",
        multipart={"files": {"name": "a.txt", "mimeType": "text/plain", "buffer": b"abc"}},
    )
    assert not sent.ok, "Gradio takes no files of its own"
