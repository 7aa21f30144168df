"""Fit the weights of the first reader (qa/reader.py) and measure it.

    python -m training.sentence_reader DATA

DATA is a folder with squad/train-v1.1.jsonl.gz, squad/dev-v2.0-half.jsonl.gz and
onestop/{articles,questions-half}.jsonl.gz. Weights are fitted and the threshold is chosen
on articles of SQuAD train; the figures printed are of the other sets.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.library import Library
from index.records import Article, Hit
from qa.reader import FEATURES, READ, Sentence, features, sentences

Span = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    question: str
    spans: tuple[Span, ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The sentences read for one question: features, and which of them answer."""

    rows: np.ndarray
    right: np.ndarray


def squad(file: Path, keep: range) -> tuple[list[Article], list[Asked]]:
    paragraphs: defaultdict[str, list[dict]] = defaultdict(list)
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            paragraphs[row["title"]].append(row)
    articles, asked = [], []
    for number, title in enumerate(sorted(paragraphs)):
        if number not in keep:
            continue
        text = ""
        id = f"squad-{number}"
        for row in paragraphs[title]:
            start = len(text)
            text += row["context"] + "\n\n"
            for qa in row["qas"]:
                answers = [] if qa.get("is_impossible") else qa["answers"]
                spans = tuple(
                    (id, start + a["answer_start"], start + a["answer_start"] + len(a["text"])) for a in answers
                )
                asked.append(Asked(qa["question"], spans, tuple(a["text"] for a in answers)))
        articles.append(Article(id, title.replace("_", " "), text))
    return articles, asked


def onestop(folder: Path) -> tuple[list[Article], list[Asked]]:
    def rows(name: str) -> Iterator[dict]:
        with gzip.open(folder / name, "rt", encoding="utf-8") as stream:
            yield from map(json.loads, stream)

    articles = [
        Article(str(row["id"]), row["text"].strip().split("\n")[0][:90], row["text"])
        for row in rows("articles.jsonl.gz")
    ]
    asked = []
    for row in rows("questions-half.jsonl.gz"):
        spans = []
        evidence = row["evidence"] if isinstance(row["evidence"], list) else [row["evidence"]]
        for article in articles:
            at = article.text.find(row["context"][:80])
            for part in evidence if at >= 0 else ():
                found = article.text.find(part.strip(), at)
                if found >= 0:
                    spans.append((article.id, found, found + len(part.strip())))
        if spans:
            asked.append(Asked(row["question"], tuple(spans)))
    return articles, asked


def answers(sentence: Sentence, spans: tuple[Span, ...]) -> bool:
    id = sentence.hit.passage.article.id
    return any(id == article and sentence.start < end and start < sentence.end for article, start, end in spans)


def group(asked: Asked, hits: list[Hit], library: Library) -> Group:
    read = sentences(hits[:READ])
    return Group(
        features(asked.question, read, library), np.array([answers(sentence, asked.spans) for sentence in read], bool)
    )


def groups(articles: list[Article], asked: list[Asked], *, without_gold: bool) -> tuple[list[Group], list[Group]]:
    """Read for each question; also with the passages that answer taken away, where the answer is nowhere else."""
    given, taken = [], []
    with tempfile.TemporaryDirectory() as folder, Library.create(Path(folder, "library")) as library:
        library.add(articles)
        for one in asked:
            hits = library.search(one.question, k=2 * READ)
            given.append(group(one, hits, library))
            if without_gold:
                others = [h for h in hits if not any(a.casefold() in h.passage.text.casefold() for a in one.answers)][
                    :READ
                ]
                taken.append(group(Asked(one.question, ()), others, library))
    return given, taken


def fit(data: list[Group], *, steps: int = 3000, rate: float = 0.05, decay: float = 1e-3) -> np.ndarray:
    """Fit weights and a bias so that softmax over the sentences and "none" (score 0) is likeliest.

    A question whose right sentences were not read counts as one that nothing answers.
    """
    width = max(len(g.rows) for g in data)
    x = np.zeros((len(data), width, len(FEATURES) + 1), np.float32)
    there = np.zeros((len(data), width), bool)
    right = np.zeros((len(data), width), bool)
    for i, g in enumerate(data):
        x[i, : len(g.rows), :-1], x[i, : len(g.rows), -1] = g.rows, 1
        there[i, : len(g.rows)], right[i, : len(g.rows)] = True, g.right
    none = ~right.any(1)
    w = np.zeros(x.shape[2], np.float32)
    first, second = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, steps + 1):
        scores = np.where(there, x @ w, -30)
        e = np.exp(scores - scores.max(1, keepdims=True))
        zero = np.exp(-scores.max(1))
        p = e / (e.sum(1) + zero)[:, None]
        target = np.where(right, p, 0)
        target = np.where(none[:, None], 0, target / np.maximum(target.sum(1, keepdims=True), 1e-9))
        gradient = np.einsum("nsf,ns->f", x, p - target) / len(data) + decay * w
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        w -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return w


def best(g: Group, w: np.ndarray) -> tuple[float, bool]:
    """Give the probability that some sentence answers, and whether the likeliest one does."""
    if not len(g.rows):
        return 0.0, False
    scores = g.rows @ w[:-1] + w[-1]
    return float(1 - 1 / (1 + np.exp(scores).sum())), bool(g.right[int(scores.argmax())])


def auroc(positive: list[float], negative: list[float]) -> float:
    p, n = np.array(positive), np.array(negative)
    return float(((p[:, None] > n).sum() + 0.5 * (p[:, None] == n).sum()) / (len(p) * len(n)))


def report(name: str, given: list[Group], unanswered: list[Group], w: np.ndarray, threshold: float) -> None:
    found = [best(g, w) for g in given]
    empty = [best(g, w)[0] for g in unanswered]
    line = f"{name:34s} n={len(given):4d} first quote right {np.mean([r for _, r in found]):.3f}"
    line += f" | at threshold: answered {np.mean([p >= threshold for p, _ in found]):.3f}"
    line += f", answered and right {np.mean([p >= threshold and r for p, r in found]):.3f}"
    if empty:
        line += f" | n={len(empty)} refused {np.mean([p < threshold for p in empty]):.3f}"
        line += f", AUROC {auroc([p for p, _ in found], empty):.3f}"
    print(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=48)
    parser.add_argument("--questions", type=int, default=1600)
    parser.add_argument("--seed", type=int, default=1)
    settings = parser.parse_args()
    pick = random.Random(settings.seed)
    articles, asked = squad(settings.data / "squad/train-v1.1.jsonl.gz", range(settings.articles))
    given, taken = groups(articles, pick.sample(asked, settings.questions), without_gold=True)
    half = settings.questions // 2
    w = fit(given[:half] + taken[:half])
    found, empty = [best(g, w)[0] for g in given[half:]], [best(g, w)[0] for g in taken[half:]]
    threshold = max(
        np.linspace(0.02, 0.98, 97), key=lambda t: np.mean([p >= t for p in found]) + np.mean([p < t for p in empty])
    )
    for name, value in zip((*FEATURES, "bias"), w, strict=True):
        print(f"    {value:.3f},  # {name}")
    print(f"threshold {threshold:.2f}")
    report("SQuAD train, other questions", given[half:], taken[half:], w, threshold)

    articles, asked = squad(settings.data / "squad/dev-v2.0-half.jsonl.gz", range(1000))
    asked = pick.sample(asked, min(800, len(asked)))
    given, _ = groups(articles, [a for a in asked if a.spans], without_gold=False)
    none, _ = groups(articles, [a for a in asked if not a.spans], without_gold=False)
    report("SQuAD 2.0 dev half", given, none, w, threshold)
    news, news_asked = onestop(settings.data / "onestop")
    given, _ = groups(news, news_asked, without_gold=False)
    elsewhere, _ = groups(news, pick.sample(asked, 200), without_gold=False)
    report("OneStop half; SQuAD asked of it", given, elsewhere, w, threshold)


if __name__ == "__main__":
    main()
