"""Public question sets as passages and questions, the same for every system that is measured.

Their format stands in the README.md of the data folder; texts stay there, only figures leave it.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from pathlib import Path
from typing import Any

SAME = 0.6
"""Share of words, in order, from which two texts of different spelling count as the same."""
_SHARED = 0.3
"""Share of some evidence from which a paragraph counts as holding it, beside another that holds the rest."""
RUN = 3
"""Words that two texts share count from this many in a row."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold one passage: `group` is the article it stands in, `order` its place there, from 0.

    `title` is that of the article, "" where the set has none; `text` does not repeat it.
    """

    id: str
    title: str
    text: str
    group: str
    order: int


@dataclass(frozen=True, slots=True)
class BenchmarkQuestion:
    """Hold one question, the ids of all passages that answer it, and answers as the set words them.

    The answers of "onestop" are the marked evidence, in American spelling where the articles have
    British; MTRAG has none. `article` is the title of a SQuAD question's article, "" elsewhere.
    """

    id: str
    text: str
    relevant: tuple[str, ...]
    answers: tuple[str, ...] = ()
    article: str = ""


@dataclass(frozen=True, slots=True)
class BenchmarkSet:
    """Hold a collection, in the order of its articles, and the questions asked of it."""

    name: str
    passages: tuple[Passage, ...]
    questions: tuple[BenchmarkQuestion, ...]


def load(name: str, data: Path) -> BenchmarkSet:
    """Read one of the sets in `NAMES` from the data folder."""
    passages, questions = _READERS[name](Path(data))
    return BenchmarkSet(name, tuple(passages), tuple(questions))


_Read = tuple[list[Passage], list[BenchmarkQuestion]]


def _squad(data: Path) -> _Read:
    passages: list[Passage] = []
    asked: list[tuple[str, str, dict[str, Any]]] = []
    counts: defaultdict[str, int] = defaultdict(int)
    for row in rows(data / "squad" / "dev-v2.0-half.jsonl.gz"):
        group, text = row["title"], row["context"].strip()
        passages.append(Passage(f"{group}-{counts[group]}", group.replace("_", " "), text, group, counts[group]))
        counts[group] += 1
        asked += [(group, text, qa) for qa in row["qas"] if not qa.get("is_impossible")]
    holding: defaultdict[str, list[str]] = defaultdict(list)
    for passage in passages:
        holding[passage.text].append(passage.id)
    return passages, [
        BenchmarkQuestion(
            qa["id"],
            qa["question"].strip(),
            tuple(holding[text]),
            _once(answer["text"] for answer in qa["answers"]),
            title,
        )
        for title, text, qa in asked
    ]


def _onestop(data: Path) -> _Read:
    passages: list[Passage] = []
    articles: list[dict[str, list[str]]] = []
    for row in rows(data / "onestop" / "articles.jsonl.gz"):
        lines = [line.strip() for line in row["text"].split("\n") if line.strip()]
        parts = [Passage(f"{row['id']}-{at}", "", line, row["id"], at) for at, line in enumerate(lines)]
        articles.append({part.id: _words(part.text) for part in parts})
        passages += parts
    questions = []
    for number, row in enumerate(rows(data / "onestop" / "questions-half.jsonl.gz")):
        relevant = _evident(row["evidence"], _words(row["context"]), articles)
        if relevant:
            id = f"{row['article']}-{row['para']}-{number}"
            questions.append(BenchmarkQuestion(id, row["question"].strip(), relevant, _once(row["evidence"])))
    return passages, questions


def _evident(evidence: Sequence[str], context: list[str], articles: Sequence[dict[str, list[str]]]) -> tuple[str, ...]:
    """Find the paragraphs that the evidence stands in; none when some of it is in none of them.

    The context of a question joins up to three paragraphs of its article, respelled, so that the
    paragraph most like the context is often not the one that holds the answer.
    """
    among = set(context)
    article = max(articles, key=lambda paragraphs: len(among.intersection(chain(*paragraphs.values()))))
    if _share(context, [*chain(*article.values())]) < SAME:
        return ()
    found: set[str] = set()
    for part in evidence:
        shares = {id: _share(_words(part), words) for id, words in article.items()}
        if sum(share for share in shares.values() if share >= _SHARED) < SAME:
            return ()
        found |= {id for id, share in shares.items() if share >= _SHARED}
    return tuple(id for id in article if id in found)


def _mtrag(domain: str, questions: str) -> Callable[[Path], _Read]:
    def read(data: Path) -> _Read:
        folder = data / "mtrag" / domain
        places = []
        for row in rows(folder / "passages.jsonl.gz"):
            group, *numbers = re.split("[_-]", row["_id"])
            text = row["text"].removeprefix(row["title"] + "\n").strip()
            places.append((group, [int(number) for number in numbers], row["_id"], row["title"].strip(), text))
        passages = []
        counts: defaultdict[str, int] = defaultdict(int)
        for group, _, id, title, text in sorted(places):
            passages.append(Passage(id, title, text, group, counts[group]))
            counts[group] += 1
        relevant: defaultdict[str, list[str]] = defaultdict(list)
        for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
            question, passage, score = line.split("\t")
            if int(score) > 0:
                relevant[question].append(passage)
        return passages, [
            BenchmarkQuestion(row["_id"], row["text"].removeprefix("|user|:").strip(), tuple(relevant[row["_id"]]))
            for row in rows(folder / f"{questions}.jsonl.gz")
            if relevant[row["_id"]]
        ]

    return read


def _share(part: list[str], whole: list[str]) -> float:
    blocks = SequenceMatcher(None, part, whole, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= min(RUN, len(part))) / len(part) if part else 0.0


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower())


def _once(texts: Sequence[str] | Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts))


def rows(file: Path) -> Iterator[dict[str, Any]]:
    """Read the rows of a zipped JSON lines file."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


_READERS: dict[str, Callable[[Path], _Read]] = {
    "squad": _squad,
    "onestop": _onestop,
    "mtrag-clapnq-lastturn": _mtrag("clapnq", "lastturn"),
    "mtrag-clapnq-rewrite": _mtrag("clapnq", "rewrite"),
    "mtrag-govt-lastturn": _mtrag("govt", "lastturn"),
    "mtrag-govt-rewrite": _mtrag("govt", "rewrite"),
}
NAMES = tuple(_READERS)
