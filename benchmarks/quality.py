"""Print the quality of retrieval and of answers on public question sets, one table each.

    python -m benchmarks.quality DATA [--sets NAME…] [--questions N] [--libraries DIR]

Needs the extra "bench" (pip install -e ".[bench]"). DATA is the folder that benchmarks/sets.py
reads. Libraries are kept in DIR and used again.
Retrieval: each passage of a set is an article, found by its best passage; beside Footnote stand
BM25 (bm25s), the vectors alone and their reciprocal rank fusion, on the same passages; "read"
is what the reader makes of the best ones. Answers:
whole articles, judged by span.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import bm25s
import numpy as np

import seeds
from benchmarks.answer_sets import AnswerSet, load_answers, part_of
from benchmarks.parts import Part, squad_part
from benchmarks.sets import NAMES, BenchmarkQuestion, BenchmarkSet, load
from index import Article, Library
from index.encoder import SentenceEncoder
from index.files import article_files, read_articles
from qa import measures
from qa.evaluation import Report, evaluate
from qa.followup import alone
from qa.questions import read_questions
from qa.reader import READ, reread

ROOT = Path(__file__).parent.parent
_DEPTH = 100


def main(arguments: Sequence[str] | None = None) -> None:
    """Build what is missing, then print both tables as they grow."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=int, default=400, metavar="N", help="at most N questions of each set")
    parser.add_argument("--sets", nargs="*", default=[*NAMES, *ANSWERS], metavar="NAME")
    parser.add_argument("--libraries", type=Path, default=ROOT / ".footnote" / "quality", metavar="DIR")
    settings = parser.parse_args(arguments)
    retrieval = [name for name in settings.sets if name in NAMES]
    answers = [name for name in settings.sets if name in ANSWERS]
    if retrieval:
        print("| set | n | system | Success@1 | Success@5 | RR@10 | nDCG@10 |\n|---|---|---|---|---|---|---|")
    for name in retrieval:
        one = load(name, settings.data)
        for system, rankings in _rankings(one, drawn(one.questions, settings.questions), settings.libraries):
            print(_retrieval_line(name, drawn(one.questions, settings.questions), system, rankings), flush=True)
    if answers:
        names = ["Success@1", "Success@5", "answered", "first quote right", "any quote right", "citation precision"]
        names += ["refused", "answered and refused, mean", "AUROC", "seconds, p50", "seconds, p95"]
        print(f"\n| set | n | {' | '.join(names)} |\n|---|---|{'---|' * len(names)}")
    for name in answers:
        report = _answers(name, settings.data, settings.questions, settings.libraries)
        print(f"| {name} | {len(report.rows)} | {' | '.join(_cell(report, figure) for figure in names)} |", flush=True)


def drawn(questions: Sequence[BenchmarkQuestion], most: int) -> list[BenchmarkQuestion]:
    """Draw at most so many questions, always the same; of SQuAD those of the articles that are reported."""
    questions = [q for q in questions if not q.article or squad_part(q.article) is Part.REPORT]
    return list(questions) if len(questions) <= most else random.Random(0).sample(list(questions), most)


def _rankings(
    one: BenchmarkSet, questions: Sequence[BenchmarkQuestion], libraries: Path
) -> Iterator[tuple[str, list[list[str]]]]:
    ids = [passage.id for passage in one.passages]
    texts = [f"{passage.title}\n{passage.text}".strip() for passage in one.passages]
    asked = [question.text for question in questions]
    words = bm25s.BM25()
    words.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
    tokens = bm25s.tokenize(asked, stopwords="en", show_progress=False, return_ids=False)
    by_words = np.array([words.get_scores(query) if query else np.zeros(len(ids)) for query in tokens])
    encode = SentenceEncoder().encode
    by_vectors = encode(asked) @ vectors(texts, libraries / f"{key(one)}-exported.npy", encode).T
    tops = [[list(np.argsort(-row, kind="stable")[:_DEPTH]) for row in scores] for scores in (by_words, by_vectors)]
    yield "BM25", [[ids[i] for i in top] for top in tops[0]]
    yield "vectors", [[ids[i] for i in top] for top in tops[1]]
    yield "plain fusion", [[ids[i] for i in _fused(pair)] for pair in zip(*tops, strict=True)]
    with passage_library(one, libraries / key(one)) as library:
        hits = [library.search(question.text, k=30) for question in questions]
        read = [
            [*reread(alone(question.text), some[:READ], library), *some[READ:]]
            for question, some in zip(questions, hits, strict=True)
        ]
    for system, found in (("Footnote", hits), ("Footnote, read", read)):
        yield system, [list(dict.fromkeys(hit.passage.article.id for hit in some)) for some in found]


def _fused(rankings: Sequence[Sequence[int]]) -> list[int]:
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (60 + rank)
    return sorted(scores, key=lambda item: -scores[item])


def _retrieval_line(name: str, questions: Sequence[BenchmarkQuestion], system: str, rankings: list[list[str]]) -> str:
    values = []
    for question, ranking in zip(questions, rankings, strict=True):
        relevant = set(question.relevant)
        flags = [id in relevant for id in ranking]
        values.append(
            (
                measures.success(flags, 1),
                measures.success(flags, 5),
                measures.reciprocal_rank(flags, 10),
                measures.ndcg(flags, 10, len(relevant)),
            )
        )
    cells = []
    for column in np.array(values).T:
        low, high = measures.interval(list(column))
        cells.append(f"{column.mean():.3f} ({low:.3f}-{high:.3f})")
    return f"| {name} | {len(questions)} | {system} | {' | '.join(cells)} |"


def key(one: BenchmarkSet) -> str:
    content = hashlib.sha256()
    for passage in one.passages:
        content.update(f"{passage.id}\0{passage.title}\0{passage.text}\0".encode())
    return f"{one.name.removesuffix('-lastturn').removesuffix('-rewrite')}-{content.hexdigest()[:12]}"


def vectors(texts: Sequence[str], file: Path, encode: Callable[[list[str]], np.ndarray]) -> np.ndarray:
    """Give the vectors of texts, kept in a file."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        parts = [encode(list(texts[start : start + 256])) for start in range(0, len(texts), 256)]
        np.save(file, np.concatenate(parts))
    found: np.ndarray = np.load(file)
    return found


def passage_library(one: BenchmarkSet, folder: Path) -> Library:
    articles = [Article(p.id, p.title or p.text[:80], p.text) for p in one.passages]
    return filled(articles, folder)


def filled(articles: Sequence[Article], folder: Path) -> Library:
    library = Library.open(folder) if Library.exists(folder) else Library.create(folder)
    if library.counts()[0] < len(articles):
        for start in range(0, len(articles), 200):
            library.add(articles[start : start + 200])
        library.save_cache()
    return library


def _answers(name: str, data: Path, most: int, libraries: Path) -> Report:
    found = demo() if name == "seeds" else load_answers(name, data)
    with filled(found.articles, libraries / f"answers-{name}") as library:
        reported = [q for q in found.questions if name == "seeds" or part_of(name, q) is Part.REPORT]
        return evaluate(reported, library, limit=most)


def demo() -> AnswerSet:
    files, _, _ = article_files([seeds.ARTICLES])
    articles = [one for file in files for one in read_articles(file) if isinstance(one, Article)]
    return AnswerSet(tuple(articles), tuple(read_questions(seeds.QUESTIONS)))


def _cell(report: Report, name: str) -> str:
    figure = report.figures.get(name)
    if figure is None or math.isnan(figure.value):
        return "–"
    return f"{figure.value:.3f} ({figure.low:.3f}-{figure.high:.3f})"


ANSWERS = ("seeds", "squad-answers", "onestop-answers", "clapnq-answers")

if __name__ == "__main__":
    main()
