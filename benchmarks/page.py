"""How fast the page is in a real browser: to the first useful paint, and from Enter to the answer.

`python -m benchmarks.page ADDRESS` prints the table for a page that is served already, in the machine's own Chromium.
The questions are the demo ones that stand alone; each is asked in a conversation of its own, in one tab.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Sequence

import numpy as np
from playwright.sync_api import Page, sync_playwright

import seeds

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_WITH_QUOTES = "What was shot down over the Atlantic Ocean?"
_SHOWN = """(before) => document.querySelectorAll('#fn-talk .fn-turn').length > before"""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("-n", type=int, default=40, help="how often each is measured (default 40)")
    settings = parser.parse_args(arguments)
    rows = [json.loads(line) for line in seeds.QUESTIONS.read_text("utf-8").splitlines()]
    questions = [row["question"] for row in rows if not row["history"]][: settings.n]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_ARGUMENTS)
        paints = []
        for _ in range(settings.n):
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            paints.append(_first_paint(context.new_page(), settings.address))
            context.close()
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        _first_paint(page, settings.address)
        page.wait_for_selector(".fn-suggestion", timeout=60_000)
        answers, inside = [], []
        for question in questions:
            answers.append(_answered(page, question))
            inside.append(_inside(page))
        _answered(page, _WITH_QUOTES)
        read = [_opened(page, number) for number in range(settings.n)]
        browser.close()
    print("| seconds | n | p50 | p95 | max |\n|---|---:|---:|---:|---:|")
    for name, values in (
        ("address to a page that can be asked, nothing cached", paints),
        ("Enter to the answer", answers),
        ("of that, finding the answer, as the page says", inside),
        ("choosing a number to its article", read),
    ):
        p50, p95 = np.percentile(values, [50, 95])
        print(f"| {name} | {len(values)} | {p50:.2f} | {p95:.2f} | {max(values):.2f} |")


def _first_paint(page: Page, address: str) -> float:
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("#fn-question").wait_for(state="visible")
    return time.perf_counter() - begun


def _answered(page: Page, question: str) -> float:
    page.locator("[data-do=new]").click()
    page.locator("#fn-question").fill(question)
    begun = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_function(_SHOWN, arg=0, polling="raf")
    return time.perf_counter() - begun


def _inside(page: Page) -> float:
    return float(page.locator("#fn-talk .fn-stage").first.inner_text().rsplit(" ", 2)[1])


def _opened(page: Page, number: int) -> float:
    page.keyboard.press("Escape")
    begun = time.perf_counter()
    page.locator(".fn-cite").nth(number % page.locator(".fn-cite").count()).click()
    page.wait_for_function("document.activeElement.localName === 'mark'", polling="raf")
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
