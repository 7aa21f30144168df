"""Evaluation over small articles with a pencil encoder, where every figure can be checked by hand."""

import json
from dataclasses import replace
from pathlib import Path

import ir_measures
from conftest import BAKERY, COPIES, FERRY, UNDATED, LetterEncoder
from ir_measures import RR, R, Success, nDCG
from pytest import approx, fixture, raises

from index import Library
from qa.evaluation import Outcome, Report, ReportError, Unit, evaluate, figures, read_report
from qa.questions import JudgedQuestion, RelevantSpan


def span(article, text: str) -> RelevantSpan:
    start = article.text.index(text)
    return RelevantSpan(article.id, start, start + len(text), text)


QUESTIONS = [
    JudgedQuestion(
        "bread", "Who opened a bakery on Mill Lane?", (), (span(BAKERY, "Rosa Quint opened"),), ("Rosa Quint",), "who"
    ),
    JudgedQuestion(
        "fog",
        "Why did the ferry to Oster run late?",
        (),
        (span(FERRY, "because fog lay on the water"),),
        ("fog",),
        "why",
    ),
    JudgedQuestion(
        "hive",
        "How many bees does a hive hold?",
        (),
        (span(UNDATED, "A hive holds 40,000 bees."),),
        ("40,000",),
        "number",
    ),
    JudgedQuestion("moon", "Zygmunt quizzed Xavier?", (), (), (), "none"),
]


@fixture
def report(small: Library) -> Report:
    return evaluate(QUESTIONS, small)


def test_a_hit_and_a_quote_stand_for_the_near_copy_that_is_judged(small: Library) -> None:
    small.add(COPIES)
    for copy in (*COPIES, BAKERY):
        one = JudgedQuestion("bread", QUESTIONS[0].question, (), (span(copy, "Rosa Quint opened"),), (), "who")
        (row,) = evaluate([one], small).rows
        assert row.values["Success@1"] == 1
        assert len({name.split(":")[0] for name, _ in row.ranking} & {"bakery", *(c.id for c in COPIES)}) == 1
        if row.quotes:
            assert row.values["first quote right"] == 1


def test_every_question_has_a_row_and_an_outcome(report: Report) -> None:
    assert [row.id for row in report.rows] == ["bread", "fog", "hive", "moon"]
    for row in report.rows:
        assert row.outcome in (
            {Outcome.REFUSED, Outcome.FALSE} if row.id == "moon" else set(Outcome) - {Outcome.REFUSED, Outcome.FALSE}
        )
        for quote in row.quotes:
            article = {"bakery": BAKERY, "ferry": FERRY, "bees": UNDATED}[quote.article]
            assert quote.quote == article.text[quote.start : quote.end]


def test_figures_are_means_over_the_questions_they_count(report: Report) -> None:
    assert report.figures["Success@1"].n == 3
    assert report.figures["refused"].n == 1
    assert report.figures["AUROC"].n == 4
    first = [row.values["first quote right"] for row in report.rows if row.answerable]
    assert report.figures["first quote right"].value == approx(sum(first) / 3)
    for figure in report.figures.values():
        assert figure.low <= figure.value <= figure.high


def test_a_question_that_is_not_answered_counts_as_zero(small: Library) -> None:
    unanswered = replace(QUESTIONS[0], id="x", question="and what about it?")
    report = evaluate([QUESTIONS[0], unanswered], small)
    assert report.rows[1].quotes == ()
    assert report.figures["first quote right"].n == 2
    assert report.rows[1].values["answered"] == report.rows[1].values["first quote right"] == 0
    assert report.rows[1].values["citation recall"] == 0


def test_retrieval_figures_agree_with_ir_measures_on_the_run_file(report: Report, small: Library) -> None:
    qrels = []
    for question in QUESTIONS:
        for judged in question.relevant:
            for passage in small.passages(judged.article):
                if passage.start < judged.end and judged.start < passage.end:
                    qrels.append(ir_measures.Qrel(question.id, f"{judged.article}:{passage.start}-{passage.end}", 1))
    run = list(ir_measures.read_trec_run("\n".join(report.run())))
    theirs = ir_measures.calc_aggregate([Success @ 1, Success @ 5, R @ 5, R @ 20, RR @ 10, nDCG @ 10], qrels, run)
    for measure, value in theirs.items():
        assert report.figures[str(measure)].value == approx(value), measure


def test_articles_can_be_judged_whole(small: Library) -> None:
    whole = [replace(q, relevant=(RelevantSpan(q.relevant[0].article, 0, 5, ""),)) for q in QUESTIONS[:3]]
    report = evaluate(whole, small, unit=Unit.ARTICLE)
    assert {name for row in report.rows for name, _ in row.ranking} == {"bakery", "ferry", "bees"}
    assert report.figures["R@20"].value == 1


def test_a_report_is_read_back_the_same(report: Report, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(report.json(), "utf-8")
    again = read_report(tmp_path / "r.json")
    assert again.rows == report.rows
    assert again.settings == report.settings
    assert again.figures == figures(report.rows)
    (tmp_path / "x.json").write_text("{}")
    with raises(ReportError, match="is no report"):
        read_report(tmp_path / "x.json")
    (tmp_path / "y.json").write_text(json.dumps({**json.loads(report.json()), "format": 99}))
    with raises(ReportError, match="format 99"):
        read_report(tmp_path / "y.json")


def test_a_run_that_broke_off_goes_on_where_it_stopped(small: Library, tmp_path: Path) -> None:
    journal = tmp_path / "rows.jsonl"

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with raises(KeyboardInterrupt):
        evaluate(QUESTIONS, small, resume=journal, progress=stop)
    kept = journal.read_text("utf-8")
    assert kept.count("\n") == 3
    journal.write_text(kept + '{"id": "hive", "cut off', "utf-8")
    report = evaluate(QUESTIONS, small, resume=journal)
    assert [row.id for row in report.rows] == ["bread", "fog", "hive", "moon"]
    assert journal.read_text("utf-8").startswith(kept)
    timed = [json.loads(line)["seconds"] for line in kept.splitlines()[1:]]
    assert [row.seconds for row in report.rows[:2]] == timed, "the first two were not asked again"
    small.remove("bees")
    changed = evaluate(QUESTIONS[:2], small, resume=journal)
    assert [row.seconds for row in changed.rows] != timed, "another library is another run"


def test_a_limit_draws_the_same_questions_for_a_seed(small: Library) -> None:
    drawn = [[row.id for row in evaluate(QUESTIONS, small, limit=2, seed=seed).rows] for seed in (1, 1, 2, 3, 4)]
    assert drawn[0] == drawn[1]
    assert len({tuple(ids) for ids in drawn}) > 1


def test_a_judgement_that_does_not_fit_the_library_is_refused(small: Library) -> None:
    with raises(ReportError, match="'nowhere', which is not in the library"):
        evaluate([replace(QUESTIONS[0], relevant=(RelevantSpan("nowhere", 0, 1, "x"),))], small)
    with raises(ReportError, match="another text stands now"):
        evaluate([replace(QUESTIONS[0], relevant=(RelevantSpan("bakery", 0, 4, "Rose"),))], small)


def test_no_questions_make_an_empty_report(small: Library) -> None:
    report = evaluate([], small)
    assert (report.rows, report.figures) == ((), {})
    assert json.loads(report.json())["rows"] == []


def test_cutting_passages_otherwise_keeps_the_judgements(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("index.passages.MAX_PASSAGE", 60)
    with Library.create(tmp_path / "library", LetterEncoder()) as library:
        library.add([BAKERY, FERRY, UNDATED])
        assert library.counts()[1] > 3
        assert evaluate(QUESTIONS, library).figures["R@20"].value == 1


def test_a_question_too_long_to_ask_counts_as_zero(small: Library) -> None:
    report = evaluate([replace(QUESTIONS[0], question="why? " * 500), QUESTIONS[1]], small)
    assert report.rows[0].values["Success@5"] == 0
    assert report.figures["Success@5"].n == 2
