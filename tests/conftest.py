"""What several tests share: an encoder that a pencil can follow, small articles, the demo library."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from starlette.testclient import TestClient

import seeds
from index import Article, Library
from index.files import article_files, read_articles
from qa.followup import remembered
from qa.records import Resolved
from ui.authority import Authority
from ui.line import Line
from ui.server import Reach, guarded, without_page


class LetterEncoder:
    """Encode a text as how often it holds each letter from a to z, at length one."""

    name = "letters"
    fingerprint = "letters-1"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        counts = np.array([[text.lower().count(chr(97 + i)) for i in range(26)] for text in texts], dtype=np.float32)
        return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)


BAKERY = Article(
    "bakery",
    "A bakery opens on Mill Lane",
    "Rosa Quint opened a bakery on Mill Lane on Monday. She sells nine kinds of bread.\n\n"
    "“Rye is the favourite,” said Ms. Quint. The shop closes at 4 p.m. on Sundays.",
    source="Harbour Post",
    published=date(2021, 3, 2),
)
FERRY = Article(
    "ferry",
    "The ferry to Oster is late",
    "The ferry to Oster ran two hours late on Friday, because fog lay on the water. Captain Ivo Brandt waited.",
    source="Oster Weekly",
    published=date(2022, 5, 7),
)
COPIES = tuple(
    Article(
        f"copy-{number}",
        "Mill Lane has a bakery",
        f"OSTER –{' ' * number}{BAKERY.text}".replace("“", '"').replace("”", '"'),
        f"Paper {number}",
        f"https://paper-{number}.example/bakery",
        date(2021, 3, 2 + number),
        origin=f"/copy-{number}",
    )
    for number in range(1, 8)
)
"""Near-copies of `BAKERY`: an agency's line before it, and other quotation marks."""
REPORT = Article(
    "tides",
    "Report on the tides",
    "The tide mill stands on the Ode. It was built in 1721 and ground\nrye until 1911.\n\nNobody lives there now.",
    source="Oster Weekly",
    url="https://oster.example/tides.pdf",
    author="Ann Lee and Ivo Brandt",
    pages=(33, 54, 54, 82),
)
"""Page 1 is a sentence, page 2 some words of the second one, page 3 is blank, page 5 the last paragraph."""
UNDATED = Article("bees", "Keeping bees", "Bees need flowers from April to September. A hive holds 40,000 bees.")


@pytest.fixture
def letters() -> LetterEncoder:
    return LetterEncoder()


def meant(question: str, text: str = "") -> Resolved:
    """Take a question for what it says, or for a text."""
    return remembered(question, text or question)


@pytest.fixture
def small(tmp_path: Path, letters: LetterEncoder) -> Iterator[Library]:
    """Give a library of three articles under the letter encoder."""
    with Library.create(tmp_path / "library", letters) as library:
        library.add([BAKERY, FERRY, UNDATED])
        yield library


@pytest.fixture(scope="session")
def seed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a library of the demo articles under the real encoder."""
    folder = tmp_path_factory.mktemp("seeds") / "library"
    files, _, _ = article_files([seeds.ARTICLES])
    articles = [article for file in files for article in read_articles(file)]
    with Library.create(folder) as library:
        library.add([article for article in articles if isinstance(article, Article)])
        library.save_cache()
    return folder


@pytest.fixture(scope="session")
def seed_library(seed_folder: Path) -> Iterator[Library]:
    with Library.open(seed_folder) as library:
        yield library


@contextmanager
def serving(folder: Path, *options: str, command: str = "serve", said_before: list[str] | None = None) -> Iterator[str]:
    """Serve a library's page in a process of its own; give its address, and what was printed before it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", command, "--library", str(folder), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    try:
        for line in process.stdout:
            said += line
            if found := re.search(r"(http://\S+:\d+\S*) \(Ctrl-C stops\)", line):
                (said_before if said_before is not None else []).append(said)
                yield found.group(1)
                break
        else:
            raise AssertionError(said)
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="session")
def seed_page(seed_folder: Path) -> Iterator[str]:
    with serving(seed_folder) as address:
        yield address


def copied(folder: Path, to: Path) -> Path:
    """Copy a library's folder, in a process of its own.

    Closing a file that SQLite has open elsewhere in this process would drop its locks (sqlite.org/howtocorrupt.html).
    """
    script = "import shutil, sys; shutil.copytree(*sys.argv[1:])"
    subprocess.run([sys.executable, "-I", "-c", script, str(folder), str(to)], check=True, timeout=60)
    return to


def without_override() -> None:
    """Take from root the right to write where it may not."""
    if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).prctl(24, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "cannot drop CAP_DAC_OVERRIDE")


_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Start the machine's own Chromium; skip, and say so, where there is none."""
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("FOOTNOTE_REQUIRE_BROWSER"):
            raise AssertionError("no Chromium found, and FOOTNOTE_REQUIRE_BROWSER is set")
        pytest.skip("LOUDLY: no Chromium found, so pages were NOT tested; install the package chromium")
    browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
    yield browser
    browser.close()


@contextmanager
def calling(library: Library, authority: Authority | None = None, reach: Reach | None = None, **how) -> Iterator[Any]:
    """Call a library's API in this process, through the gate; give a client such as httpx has."""
    who = authority or Authority()
    app = guarded(without_page(library, who, Line()), who, reach or Reach())
    with TestClient(app, **{"base_url": "http://127.0.0.1:7860", "client": ("127.0.0.1", 5), **how}) as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, chromium(playwright) as browser:
        yield browser


@pytest.fixture(params=[(1280, 800, "light"), (390, 844, "dark")], ids=["desktop", "phone"])
def visit(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Give a page that may load nothing from outside, raise nothing and open no dialog."""
    width, height, scheme = request.param
    with visiting(browser, width, height, scheme) as page:
        yield page


@pytest.fixture
def wide(browser: Browser) -> Iterator[Page]:
    """Give the same on a desktop alone, for what does not hang on the width."""
    with visiting(browser) as page:
        yield page


@contextmanager
def visiting(browser: Browser, width: int = 1280, height: int = 800, scheme: str = "light") -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    page.outside, page.faults = [], []
    context.on(
        "request",
        lambda one: None if re.match(r"http://127\.0\.0\.1:|data:|blob:", one.url) else page.outside.append(one.url),
    )
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("dialog", lambda dialog: (page.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield page
    assert page.outside == [], "the page asked for something outside this machine"
    assert page.faults == []
    context.close()


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#fn-holds")).not_to_be_empty(timeout=30_000)


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the answer is there."""
    answers = page.locator("#fn-talk .fn-turn").count()
    page.locator("#fn-question").fill(question)
    page.locator("#fn-question").press("Enter")
    expect(page.locator("#fn-talk .fn-turn")).to_have_count(answers + 1, timeout=30_000)
