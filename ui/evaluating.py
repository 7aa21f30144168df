"""Judged questions through a library: what `footnote eval` does."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from index import Article, Library
from index.encoder import SentenceEncoder
from index.errors import ArticleError, LibraryMissing
from qa.evaluation import Report, evaluate
from qa.judging import JudgingError, own_questions
from qa.question_sets import QuestionSet, read_question_set
from qa.template import template
from ui.progress import bar
from ui.wording import counted
from ui.writing import write_text

_BATCH = 200


def evaluate_set(
    questions: Path | None,
    folder: Path,
    model: str | None = None,
    *,
    split: str = "test",
    limit: int | None = None,
    seed: int = 0,
    progress: bool = True,
) -> Report:
    """Evaluate a question set on a library; a set that brings its articles makes the library when there is none.

    Without a set, the questions are those whose answers were judged on the library's own page.

    A run that is broken off leaves its rows in the library's folder, and the next run of the same
    questions on the same library goes on after them.
    Raises: JudgementError, ReportError, LibraryError, ArticleError.
    """
    found = read_question_set(questions, split) if questions else _own(folder)
    questions = questions.resolve() if questions else folder / "own questions"
    with _library(found, questions, folder, SentenceEncoder(model) if model else None, progress) as library:
        name = hashlib.sha256(f"{questions} {split} {limit} {seed}".encode()).hexdigest()[:16]
        journal = folder / "evaluations" / f"{name}.jsonl" if os.access(folder, os.W_OK) else None
        total = len(found.questions) if limit is None else min(limit, len(found.questions))
        with bar("asking", total, "question", shown=progress) as shown:
            report = evaluate(
                found.questions,
                library,
                unit=found.unit,
                limit=limit,
                seed=seed,
                resume=journal,
                progress=lambda done, _: shown.update(done - shown.n),
            )
        if journal:
            journal.unlink(missing_ok=True)
        return report


def write_template(library: Library, file: Path) -> str:
    """Write a judged set to be filled in by a person; say what to do with it.

    Raises: LibraryEmpty; WriteError, when the file is there already or cannot be written.
    """
    rows = list(template(library))
    write_text(file, "".join(f"{row}\n" for row in rows), new=True)
    return (
        f"{file}: {counted(len(rows), 'row')}. Write a question into each row that the marked sentence answers, "
        f"or follow its hint; delete the rows you do not want. Then: footnote eval {file} --library {library.path}"
    )


def _own(folder: Path) -> QuestionSet:
    with Library.open(folder) as library:
        lines = list(own_questions(library))
    if not lines:
        raise JudgingError(
            f"nobody has checked an answer of the library {folder} yet",
            "answers that were checked on its page",
            f"Check some: footnote serve --library {folder}",
        )
    with tempfile.TemporaryDirectory() as made:
        file = Path(made, "own.jsonl")
        write_text(file, "".join(f"{line}\n" for line in lines))
        return read_question_set(file)


def _library(
    found: QuestionSet, questions: Path, folder: Path, encoder: SentenceEncoder | None, progress: bool
) -> Library:
    if Library.exists(folder):
        return Library.open(folder, encoder)
    if not found.articles:
        raise LibraryMissing(
            f"{folder} holds no library, and {questions} brings no articles",
            "the library that the questions were judged on",
            f"Make it: footnote add PATH --library {folder}",
        )
    library = Library.create(folder, encoder)
    try:
        _fill(library, found.articles, progress)
    except BaseException:
        library.discard()
        raise
    return library


def _fill(library: Library, articles: Sequence[Article], progress: bool) -> None:
    with bar("indexing", sum(len(article.text) for article in articles), "char", shown=progress) as shown:
        for start in range(0, len(articles), _BATCH):
            for outcome in library.add(articles[start : start + _BATCH], progress=shown.update):
                if isinstance(outcome, ArticleError):
                    raise outcome
    library.save_cache()
