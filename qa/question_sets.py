"""Sets of judged questions as people have them: our JSON lines, SQuAD, BEIR and TREC."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from index.files import content_id
from index.records import Article
from qa.evaluation import Unit
from qa.questions import JudgedQuestion, JudgementError, RelevantSpan, read_questions

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
"""What index/files.py takes as the id of an article."""

_GRADE = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_UNFIT = re.compile("[\0\ud800-\udfff]")
_BETWEEN = "\n\n"
_TITLE_WORDS, _MAX_TITLE = 10, 90


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Hold judged questions with the articles they are judged on; no articles when the set brings none."""

    questions: tuple[JudgedQuestion, ...]
    articles: tuple[Article, ...]
    unit: Unit


def read_question_set(path: Path, split: str = "test") -> QuestionSet:
    """Read a set of judged questions: a .jsonl file is ours, a .json file SQuAD, a folder BEIR or TREC.

    SQuAD 1.1 and 2.0: an article is all that one title brings, each context once, with a blank
    line between them. An answer that does not stand at its start is sought nearest to it.
    A question without an id gets one of its article's id and a number.

    BEIR: corpus.jsonl, queries.jsonl and qrels/{split}.tsv, each also with .gz; the rows of the last
    are query, article, grade, or those of TREC: query, 0, article, grade. A grade above 0 is relevant.
    A query for which nothing is relevant is left out, as trec_eval does, because that does not say
    that nothing answers it. An article without text has its title as text; without either it is left out.

    Raises: JudgementError, naming file, line or question, and field.
    """
    if path.is_dir():
        found = _beir(path, split)
    elif path.suffix.lower() == ".jsonl":
        found = QuestionSet(tuple(read_questions(path)), (), Unit.PASSAGE)
    elif path.suffix.lower() == ".json":
        found = _squad(path)
    else:
        raise JudgementError(
            f"{path} is no question set of a known kind",
            "a .jsonl file, a SQuAD .json file or a BEIR folder",
            "Check it",
        )
    if not found.questions:
        raise JudgementError(f"{path} holds no judged question", "at least one", "Check how it was made")
    return found


@dataclass(frozen=True, slots=True)
class _Object:
    """Hold a JSON object and where it stands: file and line or question, then the path inside."""

    where: str
    path: str
    values: dict[str, Any]

    @classmethod
    def parse(cls, text: str, where: str) -> Self:
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise JudgementError(f"{where}, is not JSON ({error})", "a JSON object", "Correct it") from error
        if not isinstance(values, dict):
            raise JudgementError(f"{where}, is not an object", "a JSON object", "Correct it")
        return cls(where, "", values)

    def wrong(self, field: str, found: str, expected: str) -> JudgementError:
        return _wrong(self.where, self.path + field, found, expected)

    def text(self, field: str, *, blank: bool = False, optional: bool = False) -> str:
        found = self.values.get(field)
        if found is None and optional:
            return ""
        if not isinstance(found, str):
            raise self.wrong(field, "missing" if found is None else _shown(found), "a string")
        if not (blank or optional or found.strip()):
            raise self.wrong(field, "empty", "a text")
        if _UNFIT.search(found):
            raise self.wrong(field, "a text with a zero or half a character", "Unicode text")
        return found

    def question(self, field: str) -> str:
        found = self.text(field)
        if not any(char.isalnum() for char in found):
            raise self.wrong(field, _shown(found), "a question with a word in it")
        return found

    def id(self, field: str, *, optional: bool = False) -> str:
        found = self.values.get(field)
        return str(found) if type(found) is int else self.text(field, optional=optional)

    def objects(self, field: str, *, optional: bool = False) -> list[_Object]:
        found = self.values.get(field)
        if found is None and optional:
            return []
        if not isinstance(found, list):
            raise self.wrong(field, "missing" if found is None else _shown(found), "a list of objects")
        for number, value in enumerate(found):
            if not isinstance(value, dict):
                raise self.wrong(f"{field}[{number}]", _shown(value), "an object")
        return [_Object(self.where, f"{self.path}{field}[{n}].", value) for n, value in enumerate(found)]


def _squad(file: Path) -> QuestionSet:
    root = _Object.parse("".join(text for _, text in _lines(file)), str(file))
    starts: dict[tuple[str, str], dict[str, int]] = {}  # by title: where each context stands in its article
    paragraphs: list[tuple[tuple[str, str], _Object]] = []
    for entry in root.objects("data"):
        title = " ".join(entry.text("title", optional=True).replace("_", " ").split())
        key = (title, "" if title else entry.path)
        for paragraph in entry.objects("paragraphs"):
            _append(starts.setdefault(key, {}), paragraph.text("context"))
            paragraphs.append((key, paragraph))
    articles = {key: _article_of(key[0], _BETWEEN.join(contexts)) for key, contexts in starts.items()}
    questions: dict[str, JudgedQuestion] = {}
    numbers: Counter[str] = Counter()
    for key, paragraph in paragraphs:
        context, article = paragraph.values["context"], articles[key]
        for row in paragraph.objects("qas"):
            numbers[article.id] += 1
            id = row.id("id", optional=True).strip() or f"{article.id}-{numbers[article.id]}"
            if id in questions:
                raise row.wrong("id", f"used before: {id[:130]!r}", "an id of its own")
            named = _Object(f"{file}, question {id[:130]!r}", row.path, row.values)
            questions[id] = _squad_question(id, named, article, context, starts[key][context])
    return QuestionSet(
        tuple(questions.values()), tuple({article.id: article for article in articles.values()}.values()), Unit.PASSAGE
    )


def _squad_question(id: str, row: _Object, article: Article, context: str, offset: int) -> JudgedQuestion:
    impossible = row.values.get("is_impossible")
    if impossible is not None and not isinstance(impossible, bool):
        raise row.wrong("is_impossible", _shown(impossible), "true or false")
    answers = row.objects("answers", optional=True)
    if impossible and answers:
        raise row.wrong("is_impossible", "true, with answers", "false, or no answers")
    if not answers and (impossible is False or (impossible is None and row.values.get("answers") is None)):
        raise row.wrong("answers", "missing or empty", "an answer, or is_impossible")
    spans = []
    for answer in answers:
        text = answer.text("text")
        start = offset + _nearest(answer, text, context)
        spans.append(RelevantSpan(article.id, start, start + len(text), text))
    return JudgedQuestion(
        id,
        row.question("question"),
        relevant=tuple(dict.fromkeys(spans)),
        answers=tuple(dict.fromkeys(span.text for span in spans)),
    )


def _nearest(answer: _Object, text: str, context: str) -> int:
    said = answer.values.get("answer_start")
    if type(said) is not int:
        raise answer.wrong("answer_start", "missing" if said is None else _shown(said), "a whole number")
    at = min(max(said, 0), len(context))
    places = [place for place in (context.rfind(text, 0, at + len(text)), context.find(text, at)) if place >= 0]
    if not places:
        raise answer.wrong("text", _shown(text), "words of its context")
    return min(places, key=lambda place: abs(place - at))


def _append(starts: dict[str, int], context: str) -> None:
    if context not in starts:
        last = next(reversed(starts), None)
        starts[context] = 0 if last is None else starts[last] + len(last) + len(_BETWEEN)


def _article_of(title: str, text: str) -> Article:
    title = title or _first_words(text)
    return Article(content_id(title, text, "", "", None), title, text)


def _beir(folder: Path, split: str) -> QuestionSet:
    queries: dict[str, str] = {}
    for row in _rows(_file(folder, "queries.jsonl")):
        id = row.id("_id")
        if id in queries:
            raise row.wrong("_id", f"used before: {id[:130]!r}", "an id of its own")
        queries[id] = row.question("text")
    articles: dict[str, Article | None] = {}
    for row in _rows(_file(folder, "corpus.jsonl")):
        id = row.id("_id")
        if id in articles:
            raise row.wrong("_id", f"used before: {id[:130]!r}", "an id of its own")
        articles[id] = _beir_article(id, row)
    relevant: dict[str, list[RelevantSpan]] = {}
    for query, article in _relevant_pairs(_file(folder, f"qrels/{split}.tsv"), queries, articles):
        relevant.setdefault(query, []).append(RelevantSpan(article.id, 0, len(article.text), ""))
    return QuestionSet(
        tuple(JudgedQuestion(id, text, relevant=tuple(relevant[id])) for id, text in queries.items() if id in relevant),
        tuple(article for article in articles.values() if article),
        Unit.ARTICLE,
    )


def _beir_article(id: str, row: _Object) -> Article | None:
    title, text = " ".join(row.text("title", optional=True).split()), row.text("text", blank=True)
    text = text if text.strip() else title
    if not text:
        return None
    safe = id if _SAFE_ID.fullmatch(id) else content_id(id, "", "", "", None)
    return Article(safe, title or _first_words(text), text)


def _relevant_pairs(
    file: Path, queries: dict[str, str], articles: dict[str, Article | None]
) -> Iterator[tuple[str, Article]]:
    grades: dict[tuple[str, str], str] = {}
    first = True
    for where, line in _lines(file):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) not in (3, 4):
            cells = line.split()
        if len(cells) not in (3, 4):
            raise JudgementError(
                f"{where}, has {len(cells)} fields", "query, article, grade, or query, 0, article, grade", "Correct it"
            )
        query, id, grade = cells[0], cells[-2], cells[-1]
        header, first = first and query not in queries and not _GRADE.fullmatch(grade), False
        if header:
            continue
        if query not in queries:
            raise _wrong(where, "query-id", _shown(query), "a query of queries.jsonl")
        if id not in articles:
            raise _wrong(where, "corpus-id", _shown(id), "an article of corpus.jsonl")
        if not _GRADE.fullmatch(grade):
            raise _wrong(where, "score", _shown(grade), "a number")
        if (query, id) in grades:
            if grades[query, id] != grade:
                raise _wrong(where, "score", f"{grade}, and before {grades[query, id]}", "one grade for the two")
            continue
        grades[query, id] = grade
        article = articles[id]
        if float(grade) > 0:
            if article is None:
                raise _wrong(where, "corpus-id", f"an article without text: {_shown(id)}", "an article with text")
            yield query, article


def _rows(file: Path) -> Iterator[_Object]:
    for where, line in _lines(file):
        if line.strip():
            yield _Object.parse(line, where)


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    number = 0
    try:
        with gzip.open(file) if file.suffix == ".gz" else open(file, "rb") as stream:
            for number, line in enumerate(stream, start=1):
                yield f"{file}, line {number}", line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise JudgementError(
            f"{file}, line {number}, is not UTF-8 ({error})", "UTF-8 text", "Save it as UTF-8"
        ) from None
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise JudgementError(
            f"{file} cannot be read ({error})", "a file of a question set", "Check the path"
        ) from error


def _file(folder: Path, name: str) -> Path:
    for file in (folder / name, folder / f"{name}.gz"):
        if file.is_file():
            return file
    beside = sorted(file.name for file in (folder / name).parent.glob("*"))[:20]
    raise JudgementError(
        f"{folder} holds no {name}" + (f" (beside it: {', '.join(beside)})" if beside else ""),
        "corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv",
        "Check the folder and the split",
    )


def _wrong(where: str, field: str, found: str, expected: str) -> JudgementError:
    return JudgementError(f"{where}, field {field!r} is {found}", expected, "Correct it")


def _shown(value: object) -> str:
    return json.dumps(value)[:80]


def _first_words(text: str) -> str:
    return " ".join(text.lstrip()[:1000].split()[:_TITLE_WORDS])[:_MAX_TITLE].strip()
