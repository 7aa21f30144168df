"""Measure near-copies: which kinds are found, what is taken for one wrongly, and what knowing them costs."""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.upkeep import _Random
from index import Article, Library, families
from index.families import Families
from index.minhash import bands, shingles
from index.store import Store

_BANKS = {
    "who": "the minister, the mayor, a spokesman, the union, the harbour master, residents, the company, a judge, "
    "the coach, police, the school board, two witnesses, the insurer, the bishop, a former aide, the owners",
    "did": "said on Monday that, denied that, told reporters that, wrote in a letter that, repeated that, "
    "confirmed late on Friday that, told the court that, warned again that, would not say whether, promised that",
    "what": "the bridge, the new terminal, the vote, the strike, the ferry line, the budget, the lawsuit, the merger, "
    "the tunnel, the festival, the inquiry, the housing plan, the tax, the school, the pipeline, the match",
    "does": "will be put off, has cost more than planned, is to begin in spring, was never approved, could be saved, "
    "has split the town, must be paid for by the state, is being looked into, has been sold, was a mistake, went well",
    "why": "because of the weather, after weeks of talks, in spite of the protests, as part of a larger deal, "
    "at the end of the month, according to people who know, without giving reasons",
}
_WORDS = {kind: [part.strip() for part in bank.split(", ")] for kind, bank in _BANKS.items()}
_HALF = "half of it, and as much of something else"
_FOOTER = (
    "All rights reserved. This newsletter is sent to subscribers every morning; to leave the list, answer with the "
    "word stop. Readers who want to complain may write to the desk, which answers within ten days. Prices are those of "
    "the day before. The publisher is not liable for the content of pages that are linked here, nor for forecasts."
)


def sentence(drawn: random.Random, names: Sequence[str]) -> str:
    said = " ".join(drawn.choice(_WORDS[kind]) for kind in ("who", "did", "what", "does", "why"))
    return f"{drawn.choice(names)}: {said}, {drawn.randrange(2, 900)} in all."


def text(drawn: random.Random, sentences: int = 40, topic: int = 0) -> str:
    """Write an article on a topic: eight names, and five banks of phrases that all topics share."""
    names = [f"{'AEIOU'[(topic + i) % 5]}{'lrnst'[i % 5]}{'aeo'[topic % 3]}{i}{topic}n" for i in range(8)]
    lines = [sentence(drawn, names) for _ in range(sentences)]
    return "\n\n".join(" ".join(lines[i : i + 4]) for i in range(0, sentences, 4))


def weather(drawn: random.Random) -> str:
    places = drawn.sample(
        ["Oster", "Mill Lane", "the coast", "the hills", "the capital", "the islands", "the south"], 5
    )
    skies = ["rain", "sun", "snow", "fog", "hail", "showers", "wind", "clouds"]
    return " ".join(
        f"In {place} there will be {drawn.choice(skies)} with highs of {drawn.randrange(40)} degrees and a chance of "
        f"{drawn.choice(skies)} of {drawn.randrange(100)} percent in the evening."
        for place in places
    )


def _typos(text: str, drawn: random.Random, every: int) -> str:
    words = text.split(" ")
    for i in range(len(words)):
        if drawn.randrange(every) == 0 and words[i]:
            at = drawn.randrange(len(words[i]))
            words[i] = words[i][:at] + "x" + words[i][at + 1 :]
    return " ".join(words)


def _cut(text: str, start: float, end: float) -> str:
    words = text.split(" ")
    return " ".join(words[int(start * len(words)) : int(end * len(words))])


def _sentences(text: str, drawn: random.Random, kept: float) -> str:
    return "\n\n".join(
        " ".join(one for one in part.split(". ") if drawn.random() < kept) for part in text.split("\n\n")
    )


def _shuffled(text: str, drawn: random.Random) -> str:
    parts = text.split("\n\n")
    drawn.shuffle(parts)
    return "\n\n".join(parts)


def _with_part_of(text: str, other: str) -> str:
    return f"{_cut(text, 0, 0.5)}\n\n{_cut(other, 0, 0.25)}\n\n{_cut(text, 0.5, 1)}"


Change = Callable[[str, random.Random, str], str]
COPIES: dict[str, Change] = {
    "the same text under another headline": lambda text, drawn, other: text,
    "an agency line and a byline before it": lambda text, drawn, other: f"By our desk, with agencies\n\nOSTER – {text}",
    "the last 30% cut off": lambda text, drawn, other: _cut(text, 0, 0.7),
    "the last half cut off": lambda text, drawn, other: _cut(text, 0, 0.5),
    "both ends cut, 40% left": lambda text, drawn, other: _cut(text, 0.3, 0.7),
    "the first 25% alone": lambda text, drawn, other: _cut(text, 0, 0.25),
    "a typo in one word of 20": lambda text, drawn, other: _typos(text, drawn, 20),
    "a typo in one word of 10": lambda text, drawn, other: _typos(text, drawn, 10),
    "paragraphs of 25% put in": lambda text, drawn, other: _with_part_of(text, other),
    "one sentence of five left out": lambda text, drawn, other: _sentences(text, drawn, 0.8),
    "two sentences of five left out": lambda text, drawn, other: _sentences(text, drawn, 0.6),
    "the paragraphs in another order": lambda text, drawn, other: _shuffled(text, drawn),
    _HALF: lambda text, drawn, other: f"{_cut(text, 0, 0.5)}\n\n{_cut(other, 0, 0.5)}",
}


def others(drawn: random.Random, n: int) -> dict[str, list[str]]:
    """Write texts that are no copies of one another."""
    return {
        "other articles on one topic, 700 words": [text(drawn, 34, 7) for _ in range(n)],
        "articles of 300 words with one footer of 70": [f"{text(drawn, 16, i)}\n\n{_FOOTER}" for i in range(n)],
        "articles of 90 words with that footer": [f"{text(drawn, 5, i)}\n\n{_FOOTER}" for i in range(n)],
        "weather reports in one form": [weather(drawn) for _ in range(n)],
        "notes of one sentence": [text(drawn, 1, i % 5) for i in range(n)],
    }


class _Shelf:
    """Hold texts in a store, without passages, to compare them as a library does."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.create(folder, {"encoder": "none"})
        self.families = Families(self.store.database)

    def add(self, texts: Sequence[str]) -> list[int]:
        numbers = []
        with self.store.writing():
            for one in texts:
                article = Article(f"a{self.store.counts()[0]}", "T", one)
                numbers.append(self.store.put(article, [], np.zeros((0, 0), np.float32)))
                self.families.join(numbers[-1])
        return numbers


def found(originals: Sequence[str], copies: Sequence[str]) -> tuple[int, int, int]:
    """Count copies that are in the family of their original, pairs in families, and pairs that should not be."""
    with tempfile.TemporaryDirectory() as folder:
        shelf = _Shelf(Path(folder) / "library")
        first, second = shelf.add(originals), shelf.add(copies)
        own = dict(zip([*first, *second], [*range(len(first)), *range(len(second))], strict=True))
        members = {number: shelf.families.members(number) for number in own}
        right = sum(a in members[b] for a, b in zip(first, second, strict=False))
        pairs = [(a, b) for a in own for b in members[a] if a < b]
        return right, len(pairs), sum(own[a] != own[b] or not copies for a, b in pairs)


def quality(name: str, bases: Sequence[str], shares: Sequence[float]) -> None:
    print(f"\n{name}, n={len(bases)} of each kind\n")
    print("| copies found | " + " | ".join(f"{share}" for share in shares) + " |\n|---|" + "---|" * len(shares))
    wrong = dict.fromkeys(shares, (0, 0))
    for kind, change in COPIES.items():
        drawn = random.Random(kind)
        copies = [change(base, drawn, bases[i - 1]) for i, base in enumerate(bases)]
        row = []
        for share in shares:
            families.SHARE = share
            right, pairs, bad = found(bases, copies)
            row.append(f"{right / len(bases):.3f}")
            if kind != _HALF:
                wrong[share] = wrong[share][0] + pairs, wrong[share][1] + bad
        print(f"| {kind} | {' | '.join(row)} |", flush=True)
    precision = [f"{1 - bad / max(1, pairs):.3f}" for pairs, bad in wrong.values()]
    print(f"| precision: pairs in families that are copies | {' | '.join(precision)} |")


def mistakes(n: int, shares: Sequence[float]) -> None:
    print(f"\nNo copies, n={n} of each kind: share that is in a family all the same\n")
    print("| | " + " | ".join(f"{share}" for share in shares) + " |\n|---|" + "---|" * len(shares))
    for kind, texts in others(random.Random(11), n).items():
        row = []
        for share in shares:
            families.SHARE = share
            with tempfile.TemporaryDirectory() as folder:
                shelf = _Shelf(Path(folder) / "library")
                row.append(f"{sum(len(shelf.families.members(number)) > 1 for number in shelf.add(texts)) / n:.3f}")
        print(f"| {kind} | {' | '.join(row)} |", flush=True)


def real(data: Path) -> Iterator[tuple[str, list[str]]]:
    def lines(file: str) -> Iterator[dict[str, str]]:
        with gzip.open(data / file, "rt") as stream:
            yield from map(json.loads, stream)

    yield "OneStop articles", [row["text"] for row in lines("onestop/articles.jsonl.gz")]
    yield "SQuAD 1.1 train paragraphs", [row["context"] for row in lines("squad/train-v1.1.jsonl.gz")]
    for part in ("clapnq", "govt"):
        yield f"MTRAG {part} passages", [row["text"] for row in lines(f"mtrag/{part}/passages.jsonl.gz")]


class _Timed:
    """Do what a function does, and note how long each call takes, in ms."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.times: list[float] = []

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        result = self._function(*arguments, **named)
        self.times.append(1e3 * (time.perf_counter() - began))
        return result


def cost() -> None:
    """Time the parts of adding articles of 700 words with the real encoder."""
    drawn = random.Random(5)
    texts = [text(drawn, 34, i) for i in range(40)]
    with tempfile.TemporaryDirectory() as folder, Library.create(Path(folder) / "library") as library:
        add, hashed = _Timed(library.add), _Timed(lambda one: bands(shingles(one)))
        join = library._families.join = _Timed(library._families.join)  # type: ignore[method-assign, assignment]
        for i, one in enumerate(texts):
            add([Article(f"a{i}", "T", one)])
            hashed(one)
    whole, part, hashing = (statistics.median(one.times) for one in (add, join, hashed))
    words = statistics.mean(len(one.split()) for one in texts)
    print(f"\nAdding articles of {words:.0f} words: {whole:.1f} ms each, of it near-copies {part:.2f}", end="")
    print(f" ({part / whole:.1%}), of these hashing {hashing:.2f}")


def large(articles: int) -> None:
    """Fill a library, one article of six being a copy of another, and time changes and searches."""
    with tempfile.TemporaryDirectory() as folder, Library.create(Path(folder) / "library", _Random()) as library:
        drawn = random.Random(3)
        join = library._families.join = _Timed(library._families.join)  # type: ignore[method-assign, assignment]
        bases: list[str] = []
        for first in range(0, articles, 100):
            batch = []
            for number in range(first, first + 100):
                if number % 6 == 5:
                    body = _cut(drawn.choice(bases), 0, 0.9)
                else:
                    body = text(drawn, 34, number)
                    bases.append(body)
                day = date(2000, 1, 1) + timedelta(number // 10)
                batch.append(Article(f"a{number}", f"T {number}", body, published=day, origin=f"/{number}"))
            library.add(batch)
        database = library._store.database
        print(
            f"\n{articles:,} articles, {library.counts()[1]:,} passages, vectors made up; families, articles in them: "
        )
        print(library._families.counts())
        last = join.times[-1000:]
        print(f"near-copies of an article, the last 1,000: {statistics.median(last):.2f} ms, most {max(last):.1f}")
        tables = "SELECT sum(pgsize) FROM dbstat WHERE name IN ('bands', 'families', 'families_of_several')"
        ((size,),) = database.rows(tables)
        ((whole,),) = database.rows("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        print(f"tables of families: {size / articles:.0f} bytes an article, {size / whole:.1%} of the file")
        queries = [" ".join(drawn.choice(bases).split()[9:15]) for _ in range(60)]
        library.search(queries[0], k=16)
        distinct = library._families.distinct = _Timed(library._families.distinct)  # type: ignore[method-assign, assignment]
        half = date(2000, 1, 1) + timedelta(articles // 20)
        days = {"a search": None, "a search as of the last day": date.max, "as of a day in the middle": half}
        for name, as_of in days.items():
            distinct.times.clear()
            search = _Timed(library.search)
            for query in queries[:20]:
                search(query, k=16, as_of=as_of)
            apart = sum(distinct.times) / len(search.times)
            print(
                f"{name}: p50 {statistics.median(search.times):.1f} ms, of it telling copies apart {apart:.2f}", end=""
            )
            print(f", {len(distinct.times) / len(search.times):.2f} rounds")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", help="folder of public sets, for real texts")
    parser.add_argument("--shares", type=float, nargs="+", default=[0.3, 0.5, 0.7])
    parser.add_argument("--articles", type=int, default=20_000)
    wanted = parser.parse_args()
    chosen = families.SHARE
    drawn = random.Random(1)
    quality("Texts made up, 700 words", [text(drawn, 34, i % 20) for i in range(200)], wanted.shares)
    mistakes(200, wanted.shares)
    if wanted.data:
        sets = list(real(wanted.data))
        quality("OneStop articles", sets[0][1], wanted.shares)
        families.SHARE = chosen
        for name, texts in sets:
            with tempfile.TemporaryDirectory() as folder:
                shelf = _Shelf(Path(folder) / "library")
                numbers = shelf.add(texts)
                equal = len(texts) - len(set(texts))
                print(f"{name}: {len(numbers)} texts, {equal} equal to another; families, articles in them: ", end="")
                print(shelf.families.counts(), flush=True)
    families.SHARE = chosen
    cost()
    large(wanted.articles)


if __name__ == "__main__":
    main()
