"""Public question sets as whole articles with judged spans, for measuring answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from benchmarks.parts import Part, clapnq_part, other_part, squad_part
from benchmarks.sets import RUN, load, rows
from index import Article
from qa.questions import JudgedQuestion, RelevantSpan


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """Hold articles and the questions judged on them."""

    articles: tuple[Article, ...]
    questions: tuple[JudgedQuestion, ...]


def load_answers(name: str, data: Path) -> AnswerSet:
    """Read one of the sets "squad-answers", "onestop-answers", "clapnq-answers" from the data folder."""
    return _READERS[name](data)


def part_of(name: str, question: JudgedQuestion) -> Part:
    """Say what a question is for; of OneStop and the demo questions none are learnt from."""
    if name == "squad-answers":
        return squad_part(question.kind)
    return clapnq_part(question.id) if name == "clapnq-answers" else other_part(question.id)


def _squad(data: Path) -> AnswerSet:
    texts: defaultdict[str, str] = defaultdict(str)
    questions = []
    for row in rows(data / "squad" / "dev-v2.0-half.jsonl.gz"):
        title = row["title"]
        base = len(texts[title])
        texts[title] += row["context"] + "\n\n"
        for qa in row["qas"]:
            given = [] if qa.get("is_impossible") else qa["answers"]
            starts = sorted({(base + answer["answer_start"], answer["text"]) for answer in given})
            spans = tuple(RelevantSpan(_id(title), start, start + len(text), text) for start, text in starts)
            questions.append(
                JudgedQuestion(
                    qa["id"], qa["question"], (), spans, tuple(dict.fromkeys(text for _, text in starts)), title
                )
            )
    articles = tuple(Article(_id(title), title.replace("_", " "), text.rstrip()) for title, text in texts.items())
    return AnswerSet(articles, tuple(questions))


def _onestop(data: Path) -> AnswerSet:
    one = load("onestop", data)
    texts: defaultdict[str, str] = defaultdict(str)
    places = {}
    for passage in one.passages:
        start = len(texts[passage.group])
        places[passage.id] = RelevantSpan(passage.group, start, start + len(passage.text), passage.text)
        texts[passage.group] += passage.text + "\n\n"
    articles = tuple(Article(id, text.split("\n", 1)[0][:90], text.rstrip()) for id, text in texts.items())
    questions = tuple(
        JudgedQuestion(
            question.id, question.text, (), tuple(_marked(places[id], question.answers) for id in question.relevant)
        )
        for question in one.questions
    )
    return AnswerSet(articles, questions)


def _marked(paragraph: RelevantSpan, evidence: Sequence[str]) -> RelevantSpan:
    """Narrow a paragraph to the part that people marked; the marks are in another spelling, so words are matched."""
    words = list(re.finditer(r"\w+", paragraph.text))
    runs = [
        run
        for marked in evidence
        for run in SequenceMatcher(
            None, [word.group().lower() for word in words], re.findall(r"\w+", marked.lower()), autojunk=False
        ).get_matching_blocks()
        if run.size >= RUN
    ]
    if not runs:
        return paragraph
    first, last = words[min(run.a for run in runs)], words[max(run.a + run.size for run in runs) - 1]
    text = paragraph.text[first.start() : last.end()]
    return RelevantSpan(paragraph.article, paragraph.start + first.start(), paragraph.start + last.end(), text)


def _clapnq(data: Path) -> AnswerSet:
    articles: dict[str, Article] = {}
    questions = []
    for part in ("answerable", "unanswerable"):
        for row in rows(data / "clapnq" / f"{part}-half.jsonl.gz"):
            passage = row["passages"][0]
            text = passage["text"].strip()
            article = articles.setdefault(text, Article(f"clapnq-{len(articles)}", passage["title"], text))
            selected = [one.strip() for output in row["output"] for one in output.get("selected_sentences") or []]
            found = [(text.find(one), one) for one in dict.fromkeys(selected) if one]
            spans = tuple(RelevantSpan(article.id, at, at + len(one), one) for at, one in found if at >= 0)
            if spans or part == "unanswerable":
                questions.append(JudgedQuestion(str(row["id"]), row["input"], (), spans))
    return AnswerSet(tuple(articles.values()), tuple(questions))


def _id(title: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in title)


_READERS: dict[str, Callable[[Path], AnswerSet]] = {
    "squad-answers": _squad,
    "onestop-answers": _onestop,
    "clapnq-answers": _clapnq,
}
