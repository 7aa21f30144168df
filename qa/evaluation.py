"""Judged questions against a library: a report with every figure and every question."""

from __future__ import annotations

import hashlib
import json
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import FootnoteError, QuestionError
from index.library import Library
from index.records import Hit
from qa import followup, measures
from qa.answering import answer, prepare
from qa.questions import JudgedQuestion
from qa.records import Answer
from qa.retriever import retrieve

FORMAT = 1
DEPTH = 20
"""How many passages are ranked for the retrieval measures."""


_DRAWS = 1000


class ReportError(FootnoteError):
    """A file is no report, or two reports cannot be compared."""


class Unit(StrEnum):
    """What is judged: spans of articles, by the passages that overlap them, or whole articles."""

    PASSAGE = "passage"
    ARTICLE = "article"


class Outcome(StrEnum):
    """What became of a question."""

    RIGHT = "right"
    LATE = "right, not first"
    WRONG = "wrong quote"
    UNANSWERED = "not answered"
    NOT_FOUND = "not retrieved"
    REFUSED = "refused"
    FALSE = "answered, though nothing answers"


@dataclass(frozen=True, slots=True)
class Quoted:
    """Hold a citation as the report keeps it."""

    quote: str
    article: str
    title: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one question with what was found and its value in each measure that counts it."""

    id: str
    kind: str
    question: str
    query: str
    answerable: bool
    outcome: Outcome
    confidence: float
    seconds: float
    quotes: tuple[Quoted, ...]
    judged: tuple[dict[str, Any], ...]
    answers: tuple[str, ...]
    values: dict[str, float]
    ranking: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold a measure: its value, its 95% bootstrap interval, and how many questions it counts."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Report:
    """Hold an evaluation: settings, rows, and the figures that follow from the rows."""

    settings: dict[str, Any]
    rows: tuple[Row, ...]
    figures: dict[str, Figure] = field(default_factory=dict)

    def json(self) -> str:
        """Write the report as JSON that `read_report` reads."""
        plain = {
            "format": FORMAT,
            "settings": self.settings,
            "figures": {name: asdict(figure) for name, figure in self.figures.items()},
            "rows": [asdict(row) for row in self.rows],
        }
        return json.dumps(_without_nan(plain), ensure_ascii=False, indent=1)

    def run(self) -> Iterator[str]:
        """Give the rankings as lines of a TREC run: question, Q0, passage or article, rank, score, name."""
        for row in self.rows:
            for rank, (unit, score) in enumerate(row.ranking, start=1):
                yield f"{_one_word(row.id)} Q0 {_one_word(unit)} {rank} {score:.6f} footnote"


def evaluate(
    questions: Sequence[JudgedQuestion],
    library: Library,
    *,
    unit: Unit = Unit.PASSAGE,
    limit: int | None = None,
    seed: int = 0,
    resume: Path | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Report:
    """Ask every question, with its history, and measure what comes back.

    `limit` draws that many questions with `seed`, which also seeds the intervals. `resume` names
    a file that takes each row as it is made; a run of the same questions on the same library
    goes on after the rows it holds. `progress` is called with how many are done and how many there are.
    A question that is not answered, or cannot be asked (too long), counts as zero, never as missing.
    Raises: ReportError, when a judged article is not in the library; LibraryEmpty.
    """
    chosen = list(questions)
    if limit is not None and limit < len(chosen):
        chosen = random.Random(seed).sample(chosen, limit)  # noqa: S311 - a draw, not a secret
    _check_articles(chosen, library)
    articles, passages = library.counts()
    settings: dict[str, Any] = {
        "questions": hashlib.sha256(repr(chosen).encode()).hexdigest(),
        "library": library.state(),
        "articles": articles,
        "passages": passages,
        "encoder": library.encoder.name,
        "unit": unit.value,
        "seed": seed,
    }
    journal = _Journal(resume, settings)
    prepare(library)  # before the first question is timed
    rows = []
    for done, question in enumerate(chosen, start=1):
        row = journal.rows.get(question.id) or _row(question, library, unit)
        journal.keep(row)
        rows.append(row)
        if progress:
            progress(done, len(chosen))
    return Report(settings, tuple(rows), figures(rows, seed=seed))


def figures(rows: Sequence[Row], *, seed: int = 0) -> dict[str, Figure]:
    """Compute every figure of rows; docs/measures.md says what each counts."""
    found: dict[str, Figure] = {}
    for name in dict.fromkeys(name for row in rows for name in row.values):
        values = [row.values[name] for row in rows if name in row.values]
        found[name] = Figure(float(np.mean(values)), *measures.interval(values, seed=seed), len(values))
    if "answered" in found and "refused" in found:
        shares = [
            np.array([row.values[name] for row in rows if name in row.values]) for name in ("answered", "refused")
        ]
        found["answered and refused, mean"] = _drawn(
            shares, lambda one, two: float((one.mean() + two.mean()) / 2), seed
        )
        sure = [np.array([row.confidence for row in rows if row.answerable is kind]) for kind in (True, False)]
        found["AUROC"] = _drawn(sure, lambda one, two: measures.auroc(list(one), list(two)), seed)
    seconds = np.array([row.seconds for row in rows])
    if len(seconds):
        found["seconds, p50"] = _drawn([seconds], lambda one: float(np.quantile(one, 0.5)), seed)
        found["seconds, p95"] = _drawn([seconds], lambda one: float(np.quantile(one, 0.95)), seed)
    return found


def read_report(file: Path) -> Report:
    """Read a report that `Report.json` wrote.

    Raises: ReportError.
    """
    try:
        plain = json.loads(file.read_text("utf-8"))
        if plain["format"] != FORMAT:
            raise ReportError(f"{file} has the report format {plain['format']}", f"format {FORMAT}", "Evaluate again")
        rows = tuple(_read_row(row) for row in plain["rows"])
        return Report(plain["settings"], rows, figures(rows, seed=plain["settings"]["seed"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError(
            f"{file} is no report ({error!r})", "a file that footnote eval --json wrote", "Check the path"
        ) from error


def _row(question: JudgedQuestion, library: Library, unit: Unit) -> Row:
    began = time.perf_counter()
    depth = DEPTH if unit is Unit.PASSAGE else 3 * DEPTH
    try:
        found = answer(question.question, library, history=question.history)
        seconds = time.perf_counter() - began
        hits = retrieve(question.question, library, k=depth, history=question.history)
    except QuestionError:
        found, seconds, hits = Answer(question.question, followup.alone(question.question), (), ()), 0.0, []
    relevant = _relevant_units(question, library, unit)
    ranking = _ranking(hits, unit, relevant)[:DEPTH]
    values: dict[str, float] = {}
    if question.answerable:
        flags = [name in relevant for name, _ in ranking]
        values |= {
            "Success@1": measures.success(flags, 1),
            "Success@5": measures.success(flags, 5),
            "R@5": measures.recall(flags, 5, len(relevant)),
            "R@20": measures.recall(flags, 20, len(relevant)),
            "RR@10": measures.reciprocal_rank(flags, 10),
            "nDCG@10": measures.ndcg(flags, 10, len(relevant)),
        }
    values |= _answer_values(question, found)
    return Row(
        question.id,
        question.kind,
        question.question,
        found.query,
        question.answerable,
        _outcome(question, values),
        round(found.confidence, 6),
        round(seconds, 6),
        tuple(
            Quoted(c.quote, c.passage.article.id, c.passage.article.title, c.start, c.end, round(c.score, 6))
            for c in found.citations
        ),
        tuple(asdict(span) for span in question.relevant),
        question.answers,
        values,
        tuple((name, round(score, 6)) for name, score in ranking),
    )


def _answer_values(question: JudgedQuestion, found: Answer) -> dict[str, float]:
    if not question.answerable:
        return {"refused": float(not found.found)}
    spans = [(span.article, span.start, span.end) for span in question.relevant]
    places = [
        [(c.passage.article.id, c.start, c.end), *((also.article.id, also.start, also.end) for also in c.also)]
        for c in found.citations
    ]
    cited = [place for each in places for place in each]
    overlapping = [any(measures.overlaps(place, spans) for place in each) for each in places]
    right = [
        overlap or measures.holds(citation.quote, question.answers)
        for overlap, citation in zip(overlapping, found.citations, strict=True)
    ]
    values = {
        "answered": float(found.found),
        "first quote right": float(bool(right) and right[0]),
        "any quote right": float(any(right)),
        "citation recall": sum(measures.overlaps(span, cited) for span in spans) / len(spans),
    }
    if question.answers:
        short = found.citations[0].short if found.citations else ""
        values["short answer EM"] = measures.exact_match(short, question.answers)
        values["short answer F1"] = measures.f1(short, question.answers)
    if overlapping:
        values["citation precision"] = sum(overlapping) / len(overlapping)
    return values


def _outcome(question: JudgedQuestion, values: dict[str, float]) -> Outcome:
    if not question.answerable:
        return Outcome.REFUSED if values["refused"] else Outcome.FALSE
    if values["first quote right"]:
        return Outcome.RIGHT
    if values["any quote right"]:
        return Outcome.LATE
    if not values["R@20"]:
        return Outcome.NOT_FOUND
    return Outcome.WRONG if values["answered"] else Outcome.UNANSWERED


def _ranking(hits: Sequence[Hit], unit: Unit, relevant: set[str]) -> list[tuple[str, float]]:
    """Give what was found with its scores; a passage stands for its near-copies, by the name that is judged."""
    ranking: dict[str, float] = {}
    for hit in hits:
        names = [
            passage.article.id if unit is Unit.ARTICLE else f"{passage.article.id}:{passage.start}-{passage.end}"
            for passage in (hit.passage, *hit.also)
        ]
        name = next((name for name in names if name in relevant and name not in ranking), names[0])
        ranking.setdefault(name, hit.score)
    return list(ranking.items())


def _relevant_units(question: JudgedQuestion, library: Library, unit: Unit) -> set[str]:
    articles = dict.fromkeys(span.article for span in question.relevant)
    if unit is Unit.ARTICLE:
        return set(articles)
    spans = [(span.article, span.start, span.end) for span in question.relevant]
    return {
        f"{article}:{passage.start}-{passage.end}"
        for article in articles
        for passage in library.passages(article)
        if measures.overlaps((article, passage.start, passage.end), spans)
    }


def _check_articles(questions: Sequence[JudgedQuestion], library: Library) -> None:
    for question in questions:
        for span in question.relevant:
            article = library.article(span.article)
            if article is None:
                raise ReportError(
                    f"question {question.id!r} is judged on the article {span.article!r}, which is not in the library",
                    "a library with all judged articles",
                    "Add it, or evaluate on the library the questions were judged on",
                )
            if span.text and article.text[span.start : span.end] != span.text:
                raise ReportError(
                    f"question {question.id!r} is judged on characters {span.start}-{span.end} of {span.article!r}, "
                    "where another text stands now",
                    "the text it was judged on",
                    "Judge the question again",
                )


def _drawn(groups: Sequence[np.ndarray], statistic: Callable[..., float], seed: int) -> Figure:
    """Give a statistic of groups of values with its interval, each group drawn anew by itself."""
    rng = np.random.default_rng(seed)
    drawn = [statistic(*(group[rng.integers(0, len(group), len(group))] for group in groups)) for _ in range(_DRAWS)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(statistic(*groups), float(low), float(high), sum(map(len, groups)))


class _Journal:
    """Keep the rows of a run in a file, and give those of an earlier run of the same kind."""

    def __init__(self, file: Path | None, settings: dict[str, Any]) -> None:
        self._file = file
        self.rows: dict[str, Row] = {}
        if file is None:
            return
        head = json.dumps({"format": FORMAT, **settings})
        lines = file.read_text("utf-8").split("\n") if file.exists() else []
        if lines and lines[0] == head:
            for line in lines[1:-1]:  # what follows the last line end was cut off
                row = _read_row(json.loads(line))
                self.rows[row.id] = row
        file.parent.mkdir(parents=True, exist_ok=True)
        kept = [json.dumps(asdict(row), ensure_ascii=False) for row in self.rows.values()]
        file.write_text("".join(f"{line}\n" for line in [head, *kept]), "utf-8")

    def keep(self, row: Row) -> None:
        if self._file is not None and row.id not in self.rows:
            with open(self._file, "a", encoding="utf-8") as stream:
                stream.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


def _read_row(plain: dict[str, Any]) -> Row:
    return Row(
        **{
            **plain,
            "outcome": Outcome(plain["outcome"]),
            "quotes": tuple(Quoted(**quote) for quote in plain["quotes"]),
            "judged": tuple(plain["judged"]),
            "answers": tuple(plain["answers"]),
            "ranking": tuple((name, score) for name, score in plain["ranking"]),
        }
    )


def _one_word(name: str) -> str:
    return "_".join(name.split())


def _without_nan(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, dict):
        return {key: _without_nan(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(one) for one in value]
    return value
