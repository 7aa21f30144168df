"""Pictures of the page for docs/: `python -m benchmarks.screenshots ADDRESS`, served over the demo articles."""

from __future__ import annotations

import argparse
import io
import shutil
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

_DOCS = Path(__file__).parent.parent / "docs"
_COLOURS = 128


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    address = parser.parse_args(arguments).address
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width, height, size in ((1280, 800, "wide"), (390, 844, "narrow")):
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
                page = context.new_page()
                page.goto(address)
                if scheme == "light":
                    _asked(page, "What was shot down over the Atlantic Ocean?", open_second=size == "wide")
                else:
                    _asked(page, "Which airline painted the balloon green in 1974?", open_second=False)
                _keep(page, _DOCS / f"page-{size}-{scheme}.png")
                context.close()
        browser.close()


def _asked(page: Page, question: str, *, open_second: bool) -> None:
    page.locator(".fn-suggestion").first.wait_for(timeout=60_000)
    page.locator("#fn-question").fill(question)
    page.keyboard.press("Enter")
    page.locator("#fn-talk .fn-turn").wait_for(timeout=30_000)
    if open_second:
        page.locator(".fn-cite").nth(1).click()
        page.wait_for_function("document.activeElement.localName === 'mark'")
    page.wait_for_timeout(500)


def _keep(page: Page, file: Path) -> None:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(_COLOURS)
    picture.save(file, optimize=True)
    print(file.name, f"{file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
