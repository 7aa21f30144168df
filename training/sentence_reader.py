"""Fit the weights of the first reader (qa/reader.py) and measure it.

    python -m training.sentence_reader DATA

DATA is the folder that benchmarks/answer_sets.py reads. Weights are fitted and the threshold is chosen on
the CLAPnq half and one half of the seed questions; the figures that count are of the others.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import seeds
from benchmarks.answer_sets import load_answers
from index.files import article_files, read_articles
from index.library import Library
from index.records import Article
from qa.followup import standalone
from qa.questions import JudgedQuestion, read_questions
from qa.reader import FEATURES, READ, Sentence, features, sentences

Span = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    question: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The sentences read for one question: features, and which of them answer."""

    rows: np.ndarray
    right: np.ndarray
    answerable: bool


def public(name: str, data: Path) -> tuple[list[Article], list[Asked]]:
    found = load_answers(name, data)
    return list(found.articles), [Asked(one.question, _spans(one)) for one in found.questions]


def demo() -> tuple[list[Article], list[Asked], list[Asked]]:
    """Give the demo articles, and their questions in two halves that do not depend on their order."""
    files, _, _ = article_files([seeds.ARTICLES])
    articles = [found for file in files for found in read_articles(file) if isinstance(found, Article)]
    halves: tuple[list[Asked], list[Asked]] = ([], [])
    for question in read_questions(seeds.QUESTIONS):
        half = hashlib.sha256(question.id.encode()).digest()[0] % 2
        halves[half].append(Asked(standalone(question.question, question.history), _spans(question)))
    return articles, *halves


def _spans(question: JudgedQuestion) -> tuple[Span, ...]:
    return tuple((span.article, span.start, span.end) for span in question.relevant)


def answers(sentence: Sentence, spans: tuple[Span, ...]) -> bool:
    id = sentence.hit.passage.article.id
    return any(id == article and sentence.start < end and start < sentence.end for article, start, end in spans)


def groups(articles: list[Article], asked: list[Asked]) -> list[Group]:
    with tempfile.TemporaryDirectory() as folder, Library.create(Path(folder, "library")) as library:
        library.add(articles)
        read = [sentences(library.search(one.question, k=READ)) for one in asked]
        return [
            Group(
                features(one.question, found, library),
                np.array([answers(s, one.spans) for s in found]),
                bool(one.spans),
            )
            for one, found in zip(asked, read, strict=True)
        ]


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


def report(name: str, read: list[Group], w: np.ndarray, threshold: float, others: list[Group] | None = None) -> None:
    """Print figures of questions with an answer and of those without, here or in `others`."""
    given = [best(g, w) for g in read if g.answerable]
    empty = [best(g, w)[0] for g in (others or read) if not g.answerable]
    answered = [p >= threshold for p, _ in given]
    print(
        f"{name:36s} answerable n={len(given)}: read {np.mean([g.right.any() for g in read if g.answerable]):.3f}, "
        f"best sentence right {np.mean([r for _, r in given]):.3f}, answered {np.mean(answered):.3f}, "
        f"answered and right {np.mean([a and r for a, (_, r) in zip(answered, given, strict=True)]):.3f} | "
        f"unanswerable n={len(empty)}: refused {np.mean([p < threshold for p in empty]):.3f} | "
        f"AUROC {auroc([p for p, _ in given], empty):.3f}"
    )


def balanced(data: list[Group], w: np.ndarray) -> float:
    """Find the highest threshold whose mean of answered and refused share is within a point of the best."""
    found = [(best(g, w)[0], g.answerable) for g in data]

    def mean(threshold: float) -> float:
        shares = [np.mean([(p >= threshold) is a for p, a in found if a is kind]) for kind in (True, False)]
        return float(np.mean(shares))

    means = {threshold: mean(threshold) for threshold in np.linspace(0.02, 0.98, 97).tolist()}
    return max(threshold for threshold, value in means.items() if value >= max(means.values()) - 0.01)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--squad", type=int, default=800, help="how many SQuAD questions are drawn")
    parser.add_argument("--seed", type=int, default=1)
    settings = parser.parse_args()
    pick = random.Random(settings.seed)

    natural = groups(*public("clapnq-answers", settings.data))
    articles, first_half, second_half = demo()
    news = groups(articles, first_half)
    fitted = natural + 3 * news  # both weigh about alike
    w = fit(fitted)
    threshold = balanced(fitted, w)
    for name, value in zip((*FEATURES, "bias"), w, strict=True):
        print(f"        {value:.2f},  # {name}")
    print(f"threshold {threshold:.2f}")
    print("fitted on:")
    report("CLAPnq half", natural, w, threshold)
    report("seeds, first half", news, w, threshold)
    print("not fitted on:")
    report("seeds, second half", groups(articles, second_half), w, threshold)
    collection, asked = public("squad-answers", settings.data)
    asked = pick.sample(asked, min(settings.squad, len(asked)))
    report("SQuAD 2.0 dev half, whole collection", groups(collection, asked), w, threshold)
    collection, own = public("onestop-answers", settings.data)
    foreign = groups(collection, [Asked(one.question, ()) for one in asked[:200]])
    report("OneStop half; SQuAD asked of it", groups(collection, own), w, threshold, foreign)


if __name__ == "__main__":
    main()
