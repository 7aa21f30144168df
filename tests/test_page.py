"""The page in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

from conftest import BAKERY, chromium, serving
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest import TempPathFactory, fixture, mark

from index import Article, Library

EVIL = Article(
    "evil",
    'Cloves <img src=x onerror="window.hacked=1"> ${window.hacked=1} {{value}}',
    "Zanzibar grows cloves ${window.hacked=1} {{value}} <script>window.hacked=1</script> [1](#cite-0-5-bakery). "
    "See ![x](http://evil.example/x.png) and <img src=http://evil.example/y.png onerror=window.hacked=1> there.\n\n"
    "Nothing else is known of `${window.hacked=1}` there.",
    source="<b onmouseover=window.hacked=1>Spice</b>",
    url="javascript:window.hacked=1",
)
LONG = Article(
    "long",
    "A long article",
    "\n\n".join(
        [
            *("Filler stands here to make the text long. " * 8 for _ in range(30)),
            "The tide mill at Arnholt was built in 1721.",
            *("More filler. " * 30 for _ in range(30)),
        ]
    ),
)


@fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, chromium(playwright) as browser:
        yield browser


@fixture(scope="module")
def hostile(tmp_path_factory: TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile") / "library"
    with Library.create(folder) as library:
        library.add([BAKERY, EVIL, LONG])
    with serving(folder) as address:
        yield address


@fixture(params=[(1280, 800, "light"), (390, 844, "dark")], ids=["desktop", "phone"])
def visit(request, browser: Browser) -> Iterator[Page]:
    width, height, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.outside, page.faults = [], []
    page.on(
        "request",
        lambda one: None if re.match(r"http://127\.0\.0\.1:|data:|blob:", one.url) else page.outside.append(one.url),
    )
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    assert page.outside == [], "the page asked for something outside this machine"
    assert page.faults == []
    context.close()


def ask(page: Page, question: str) -> None:
    answers = page.locator("#fn-chat .bot.message").count()
    page.locator("#fn-question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("#fn-chat .bot.message").nth(answers)).to_be_visible(timeout=30_000)
    expect(page.locator("#fn-chat")).not_to_contain_text("Searching…", timeout=30_000)


def test_a_question_is_answered_and_the_article_opens_at_the_quote(
    visit: Page, seed_page: str, seed_library: Library
) -> None:
    visit.goto(seed_page)
    ask(visit, "What was shot down over the Atlantic Ocean?")
    link = visit.locator('#fn-chat a[href^="#cite-"]').first
    expect(link).to_have_text("[1]")
    start, end, id = re.fullmatch(r"#cite-(\d+)-(\d+)-([^@]+)@\d+", link.get_attribute("href")).groups()
    article = seed_library.article(id)
    mark_ = visit.locator("#fn-panel mark")
    expect(mark_).to_have_text(article.text[int(start) : int(end)])
    expect(visit.locator("#fn-panel h2")).to_have_text(article.title)
    shown = re.sub(r"\s+", "", visit.locator("#fn-panel").inner_text())
    assert re.sub(r"\s+", "", article.text) in shown, "the article is there whole"


def test_choosing_a_number_changes_the_panel_and_goes_to_the_mark(visit: Page, hostile: str) -> None:
    visit.goto(hostile)
    ask(visit, "When was the tide mill at Arnholt built?")
    expect(visit.locator("#fn-panel mark")).to_have_text("The tide mill at Arnholt was built in 1721.")
    ask(visit, "Who opened a bakery on Mill Lane?")
    expect(visit.locator("#fn-panel h2")).to_have_text(BAKERY.title)
    visit.locator('#fn-chat a[href*="-long@"]').first.click()
    expect(visit.locator("#fn-panel h2")).to_have_text("A long article")
    expect(visit.locator("#fn-panel mark")).to_be_in_viewport()
    expect(visit.locator("#fn-panel mark")).to_be_focused()
    visit.locator("#fn-panel").evaluate("panel => { panel.scrollTop = 0; window.scrollTo(0, 0) }")
    visit.locator('#fn-chat a[href*="-long@"]').first.click()
    expect(visit.locator("#fn-panel mark")).to_be_in_viewport()


def test_a_number_can_be_chosen_with_the_keyboard(visit: Page, hostile: str) -> None:
    visit.goto(hostile)
    ask(visit, "When was the tide mill at Arnholt built?")
    visit.locator('#fn-chat a[href*="-long@"]').first.focus()
    visit.keyboard.press("Enter")
    expect(visit.locator("#fn-panel mark")).to_be_focused()


def test_a_follow_up_says_what_was_searched_and_clearing_forgets(visit: Page, seed_page: str) -> None:
    visit.goto(seed_page)
    ask(visit, "Where did Biden and Xi meet in 2022?")
    ask(visit, "And in 2023?")
    expect(visit.locator("#fn-chat")).to_contain_text("Searched as: Where did Biden and Xi meet in 2023?")
    visit.get_by_role("link", name="search only these words").first.click()
    expect(visit.locator("#fn-chat .bot.message")).to_have_count(3)
    expect(visit.locator("#fn-chat .bot.message").last).to_contain_text(
        "Searched by these words alone.", timeout=30_000
    )
    expect(visit.locator("#fn-chat .bot.message").last).to_contain_text("Not in the articles.")
    visit.get_by_label("Clear").first.click()
    expect(visit.locator("#fn-chat .bot.message")).to_have_count(0)
    expect(visit.locator("#fn-panel mark")).to_have_count(0)
    visit.wait_for_timeout(500)  # Gradio's client loses an event that is sent in the moment in which another ends
    ask(visit, "Why?")
    expect(visit.locator("#fn-chat")).not_to_contain_text("Searched as")


def test_a_conversation_is_kept_reopened_renamed_saved_and_deleted(visit: Page, seed_page: str) -> None:
    visit.goto(seed_page)
    ask(visit, "What is strategic ambiguity?")
    ask(visit, "How many articles mention Taiwan?")
    expect(visit.locator("#fn-chat .bot.message").last).to_contain_text("all were looked through")
    visit.reload()
    expect(visit.locator("#fn-chat .bot.message")).to_have_count(0)
    visit.locator(".toggle-button, #fn-kept button").first.click()
    kept = visit.locator("#fn-conversations label").filter(has_text="What is strategic ambiguity?").first
    kept.click()
    expect(visit.locator("#fn-chat .bot.message")).to_have_count(2)
    expect(visit.locator('#fn-chat a[href^="#cite-"]').first).to_be_attached()
    expect(visit.locator("#fn-panel mark")).to_have_count(1)
    visit.locator("#fn-name input, #fn-name textarea").first.fill("<b>Ambiguity</b>")
    visit.get_by_role("button", name="Rename").click()
    expect(visit.locator("#fn-conversations")).to_contain_text("<b>Ambiguity</b>")
    with visit.expect_download() as download:
        visit.locator("#fn-exports a", has_text="Markdown").click()
    assert "# \\<b\\>Ambiguity" in Path(download.value.path()).read_text("utf-8")
    visit.on("dialog", lambda dialog: dialog.accept())
    visit.get_by_role("button", name="Delete").click()
    expect(visit.locator("#fn-conversations")).not_to_contain_text("Ambiguity")
    expect(visit.locator("#fn-chat .bot.message")).to_have_count(0)


def test_what_the_articles_do_not_say_looks_like_no_answer(visit: Page, seed_page: str) -> None:
    visit.goto(seed_page)
    ask(visit, "How do I bake sourdough bread?")
    expect(visit.locator("#fn-chat")).to_contain_text("Not in the articles.")
    expect(visit.locator("#fn-chat")).to_contain_text("No article holds the words “bake”, “sourdough”")
    expect(visit.locator("#fn-chat")).to_contain_text("Closest, but not an answer:")
    expect(visit.locator("#fn-panel mark")).to_have_count(0)
    visit.locator('#fn-chat a[href^="#cite-"]').first.click()
    expect(visit.locator("#fn-panel mark")).to_be_in_viewport()


def test_the_words_that_answer_stand_out_and_trust_is_told(visit: Page, seed_page: str) -> None:
    visit.goto(seed_page)
    ask(visit, "Where did Biden and Xi meet in November 2022?")
    expect(visit.locator("#fn-chat .bot.message strong").first).to_have_text(re.compile("Bali"))
    expect(visit.locator("#fn-chat .bot.message small").last).to_contain_text("In tests, the first quote was right in")


def test_nothing_in_an_article_or_a_question_runs_or_calls_out(visit: Page, hostile: str) -> None:
    visit.goto(hostile)
    ask(visit, "Which cloves grow in Zanzibar?")
    expect(visit.locator("#fn-panel h2")).to_have_text(EVIL.title)
    expect(visit.locator("#fn-panel mark")).to_contain_text("${window.hacked=1} {{value}}")
    assert visit.locator('#fn-chat a[href^="#cite-"]').count() == 1, "no citation can be forged"
    for selector in (
        "#fn-panel script",
        "#fn-panel img",
        "#fn-chat .message script",
        "#fn-chat .message img",
        'a[href^="javascript"]',
    ):
        expect(visit.locator(selector)).to_have_count(0)
    ask(visit, "<img src=http://evil.example/q.png onerror=window.hacked=1> ${window.hacked=1} grows?")
    expect(visit.locator("#fn-chat")).to_contain_text("<img src=http://evil.example/q.png")
    assert visit.evaluate("window.hacked") is None


@mark.parametrize("question", ["?!", "why? " * 2000])
def test_a_question_that_cannot_be_asked_gets_a_message(visit: Page, seed_page: str, question: str) -> None:
    visit.goto(seed_page)
    ask(visit, question)
    expect(visit.locator("#fn-chat .bot.message").last).to_contain_text("expected")


def test_the_page_fits_its_window(visit: Page, seed_page: str) -> None:
    visit.goto(seed_page)
    ask(visit, "What is strategic ambiguity?")
    assert visit.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out sideways"
    expect(visit.locator("#fn-question textarea")).to_be_in_viewport()
