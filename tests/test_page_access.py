"""The page for everyone: names and contrast by axe-core, narrow and enlarged windows, nothing that jumps."""

from axe_playwright_python.sync_playwright import Axe
from conftest import ask, open_page, visiting
from playwright.sync_api import Browser, Page, expect

GRAVE = {"serious", "critical"}


def examine(page: Page) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in GRAVE] == []


def test_axe_finds_nothing_grave_in_any_state(visit: Page, seed_page: str) -> None:
    open_page(visit, seed_page)
    expect(visit.locator(".fn-suggestion").first).to_be_visible(timeout=30_000)
    examine(visit)
    ask(visit, "What was shot down over the Atlantic Ocean?")
    visit.locator(".fn-quote").first.get_by_role("button", name="Checked").click()
    visit.locator(".fn-wrong summary").first.click()
    examine(visit)
    visit.locator(".fn-cite").nth(1).click()
    expect(visit.locator("#fn-page mark")).to_be_focused()
    examine(visit)
    visit.keyboard.press("Escape")
    ask(visit, "Which airline painted the balloon green in 1974?")
    expect(visit.locator(".fn-nothing")).to_be_attached()
    visit.locator("#fn-side-button").click()
    expect(visit.locator(".fn-current")).to_be_visible()
    examine(visit)
    visit.locator("[name=after]").focus()
    visit.keyboard.press("Escape")
    for opener in ("#fn-add-button", "[data-do=keys]"):
        visit.locator(opener).click()
        examine(visit)
        visit.keyboard.press("Escape")


def test_nothing_sticks_out_at_any_width_nor_enlarged(browser: Browser, seed_page: str) -> None:
    for width, height in ((320, 640), (390, 844), (640, 400), (1280, 800)):  # 640 x 400 is 1280 x 800 at 200 percent
        with visiting(browser, width, height) as page:
            open_page(page, seed_page)
            ask(page, "What is strategic ambiguity?")
            page.locator(".fn-cite").first.click()
            expect(page.locator("#fn-page mark")).to_be_in_viewport()
            for part in ("html", ".fn-app", "#fn-scroll", "#fn-page", ".fn-bar", ".fn-top"):
                sticks_out = page.locator(part).evaluate("one => one.scrollWidth > one.clientWidth + 1")
                assert not sticks_out, f"{part} at {width}"
            page.keyboard.press("Escape")
            expect(page.locator("#fn-question")).to_be_in_viewport()
            page.locator("#fn-side-button").click()
            expect(page.get_by_label("Until")).to_be_visible()


def test_nothing_moves_when_an_answer_arrives(visit: Page, seed_page: str) -> None:
    open_page(visit, seed_page)
    ask(visit, "What is strategic ambiguity?")
    tops = """() => {
        window.tops = [];
        new MutationObserver(() => {
            const last = [...document.querySelectorAll('.fn-asked')].pop();
            window.tops.push(Math.round(last.getBoundingClientRect().top));
        }).observe(document.querySelector('#fn-talk'), { childList: true, subtree: true, characterData: true });
    }"""
    visit.evaluate(tops)
    ask(visit, "Where did Biden and Xi meet in 2022?")
    visit.wait_for_timeout(200)
    seen = visit.evaluate("window.tops")
    assert len(seen) >= 2
    assert max(seen[1:]) - min(seen[1:]) <= 1, "the question stays where it is while its answer comes"


def test_answers_are_read_out_and_every_button_has_a_name(visit: Page, seed_page: str) -> None:
    open_page(visit, seed_page)
    ask(visit, "What was shot down over the Atlantic Ocean?")
    expect(visit.get_by_role("log")).to_contain_text("Chinese surveillance balloon")
    name = "Source 1, read it in the article: Footnote demo desk, 5 February 2023"
    expect(visit.get_by_role("button", name=name)).to_have_count(1)
    unnamed = visit.locator("button:visible, input:visible, textarea:visible").evaluate_all(
        "all => all.filter((one) => !one.textContent.trim() && !one.ariaLabel && !one.labels?.length).length"
    )
    assert unnamed == 0
