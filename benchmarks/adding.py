"""Measure adding a folder of made-up files, and adding it again: python -m benchmarks.adding FOLDER [FILES].

The folder must be new or empty. One file in five is a web page with 300 links, the others are text, with 1,800
characters of article each.
A file of as many JSON lines follows, added twice too, and twice more with one line changed between.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

from index import Library
from index.following import Following
from ui.adding import add_paths

_WORDS = "rain bread ferry mayor river market winter school bridge harvest letter signal garden union station".split()


def main() -> None:
    folder, files = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    drawn = random.Random(7)
    texts = [_text(drawn, number) for number in range(2 * files)]
    (folder / "files").mkdir(parents=True)
    for number, text in enumerate(texts[:files]):
        if number % 5:
            (folder / "files" / f"{number:05}.txt").write_text(text, "utf-8")
        else:
            links = "".join(f'<li><a href="/{i}">{" ".join(drawn.choices(_WORDS, k=4))}</a></li>' for i in range(300))
            page = (
                f"<html><head><title>Report {number}</title></head><body><nav><ul>{links}</ul></nav>"
                f"<article><h1>Report {number}</h1><p>{text}</p></article></body></html>"
            )
            (folder / "files" / f"{number:05}.html").write_text(page, "utf-8")
    lines = [json.dumps({"title": f"Line {number}", "text": text}) for number, text in enumerate(texts[files:])]
    (folder / "lines.jsonl").write_text("\n".join(lines), "utf-8")
    time.sleep(3)  # files just written are read again: docs/watching.md says why

    library = folder / "library"
    print(f"{files:,} files, {files:,} JSON lines")
    for what in ("files", "lines.jsonl"):
        first, again = _added(folder / what, library), _added(folder / what, library)
        print(f"{what:12} first {first:7.2f} s  again {again:7.2f} s  ratio {again / first:.4f}")
    with Library.open(library) as opened:
        following = Following(opened, [folder / "files"])
        for _ in range(2):
            list(following.step())
    print(f"a look over {files:,} files that have not changed: {following.look_seconds * 1000:.0f} ms")
    lines[0] = json.dumps({"title": "Line 0", "text": _text(drawn, -1)})
    (folder / "lines.jsonl").write_text("\n".join(lines), "utf-8")
    print(f"one line of {len(lines):,} changed: {_added(folder / 'lines.jsonl', library):.2f} s")


def _added(path: Path, library: Path) -> float:
    begun = time.perf_counter()
    summary = add_paths([path], library, None, progress=False)
    print(summary.text())
    return time.perf_counter() - begun


def _text(drawn: random.Random, number: int) -> str:
    sentences = (f"The {' '.join(drawn.choices(_WORDS, k=8))} of {drawn.randrange(10**6)}." for _ in range(28))
    return f"Report {number}. {' '.join(sentences)}"


if __name__ == "__main__":
    main()
