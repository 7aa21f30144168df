"""How well articles are told from the pages around them.

Run `python -m benchmarks.html`. The pages are made up (benchmarks/html_pages.py); what a page of the web looks like is
only imitated.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.html_pages import Page, pages
from index import Article
from index.formats.given import Fetched
from index.reading_process import read_fetched


@dataclass(frozen=True, slots=True)
class Judged:
    """Hold what was read of one page."""

    page: Page
    article: Article | None
    found: int
    strange: int

    @property
    def faults(self) -> list[str]:
        if self.page.refused or self.article is None:
            right = self.page.refused == (self.article is None)
            return [] if right else ["an article of a page without one" if self.page.refused else "refused"]
        fields = {
            "title": (self.article.title, self.page.title),
            "author": (self.article.author, self.page.author),
            "date": (self.article.published, self.page.published),
            "date's place": (self.article.published_from, self.page.dated),
        }
        faults = [f"{name}: {got!r}, not {right!r}" for name, (got, right) in fields.items() if got != right]
        text = " ".join(self.article.text.split())
        missed = [sentence for sentence in self.page.inside if sentence not in text]
        faults += [f"{len(missed)} missed, such as {missed[0]!r}"] if missed else []
        taken = [sentence for sentence in self.page.outside if sentence in text]
        faults += [f"{len(taken)} from around it, such as {taken[0]!r}"] if taken else []
        return faults


def judged() -> list[Judged]:
    """Read every page as one that was fetched."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for page in pages():
            file = Path(folder, f"{page.name}.html")
            file.write_bytes(page.html)
            address = f"https://hill.example/{page.name}"
            fetched = Fetched(address, address, ".html")
            read = [one for one in read_fetched(file, fetched) if isinstance(one, Article)]
            article = read[0] if read else None
            text = Counter({"": 0})
            whole = " ".join(article.text.split()) if article else ""
            for sentence in page.inside:
                text[sentence] = min(text[sentence] + 1, whole.count(sentence))
            found = sum(text.values())
            results.append(Judged(page, article, found, sum(sentence in whole for sentence in page.outside)))
    return results


def main() -> int:
    results = judged()
    articles = [one for one in results if not one.page.refused]
    inside = sum(len(one.page.inside) for one in articles)
    found, strange = sum(one.found for one in articles), sum(one.strange for one in articles)
    print(f"pages with an article {len(articles)}, without one {len(results) - len(articles)}")
    print(f"sentences: recall {found / inside:.3f} ({found} of {inside}), precision {found / (found + strange):.3f}")
    for name in ("title", "author", "date", "date's place"):
        wrong = sum(any(fault.startswith(f"{name}:") for fault in one.faults) for one in articles)
        wrong += sum(one.article is None for one in articles)
        print(f"{name} right: {len(articles) - wrong} of {len(articles)}")
    refused = sum(not one.faults for one in results if one.page.refused)
    print(f"pages without an article refused: {refused} of {len(results) - len(articles)}")
    for one in results:
        for fault in one.faults:
            print(f"  {one.page.name}: {fault}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
