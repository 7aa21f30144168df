"""The contract of an engine: the local library keeps it, and so must another one that stands in for it.

Each engine is compared with a plain one that looks at everything; to test another one, add it to `ENGINES`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from conftest import BAKERY, COPIES, FERRY, REPORT, UNDATED, LetterEncoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_engine import PlainEngine
from pytest import approx, fixture, mark, raises

from index import Article, Engine, Library, Outcome, Place, Query
from index.errors import ArticleError, LibraryEmpty
from qa import answer, retrieve

ENGINES: dict[str, Callable[[Path], Engine]] = {
    "plain": lambda _: PlainEngine(LetterEncoder()),
    "local": lambda folder: Library.create(folder / "library", LetterEncoder()),
}
FIRST = date(1900, 1, 1)


@fixture(params=ENGINES)
def engine(request, tmp_path: Path) -> Iterator[Engine]:
    made = ENGINES[request.param](tmp_path)
    yield made
    if isinstance(made, Library):
        made.close()


def filled(engine: Engine, *articles: Article) -> Engine:
    assert engine.add(articles) == [Outcome.ADDED] * len(articles)
    return engine


def ids(engine: Engine, query: str, **filters: object) -> list[str]:
    return [hit.passage.article.id for hit in engine.search(query, **filters)]


def test_without_articles_a_search_says_so(engine: Engine) -> None:
    with raises(LibraryEmpty):
        engine.search("bread")
    assert engine.counts() == (0, 0)
    assert list(engine.articles()) == engine.sources() == []
    assert engine.dates() == (None, None, 0)
    assert engine.passage_counts(["bread"]) == {"bread": 0}


def test_what_is_added_comes_back_character_for_character(engine: Engine) -> None:
    odd = Article("odd/id ü", "T\u2028", "A\r\n\tB \u200bé e\u0301 😀\n\n“C.”", origin="/odd")
    filled(engine, BAKERY, odd, REPORT)
    for one in (BAKERY, odd, REPORT):
        assert engine.article(one.id) == one
    assert engine.article("nobody") is None
    (hit,) = engine.search(Query(("bread",), (("bread", 1.0),), again=(Place("odd/id ü", 0, 1),)), k=1, sources=[""])
    assert hit.passage.text == odd.text[hit.passage.start : hit.passage.end]


def test_hits_are_ranked_from_one_by_falling_scores(engine: Engine) -> None:
    filled(engine, BAKERY, FERRY, UNDATED)
    hits = engine.search("rye bread of the bakery", k=9)
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].passage.article == BAKERY
    assert len(engine.search("bread", k=2)) == 2


@mark.parametrize(
    ("filters", "found"),
    [
        ({"after": date(2021, 3, 2)}, {"bakery", "ferry"}),
        ({"before": date(2022, 5, 6)}, {"bakery"}),
        ({"sources": ["OSTER weekly"]}, {"ferry"}),
        ({"sources": ["nobody"]}, set()),
        ({"after": date(2021, 3, 3), "sources": ["Harbour Post"]}, set()),
        ({"as_of": date(2021, 12, 31)}, {"bakery"}),
    ],
)
def test_filters_hold_for_every_hit_and_hide_nothing_else(
    engine: Engine, filters: dict[str, object], found: set[str]
) -> None:
    filled(engine, BAKERY, FERRY, UNDATED)
    assert set(ids(engine, "ferry bread bees", k=9, **filters)) == found


def test_adding_again_changes_nothing_and_a_changed_article_becomes_a_version(engine: Engine) -> None:
    first = replace(BAKERY, origin="/b")
    filled(engine, first)
    assert engine.add([first]) == [Outcome.UNCHANGED]
    later = replace(first, text="Rosa Quint closed the bakery.", published=date(2023, 1, 1))
    version = engine.article("bakery").version
    assert engine.add([later]) == [Outcome.REPLACED]
    assert engine.article("bakery") == later
    assert engine.article("bakery", version) == engine.article_at("bakery", date(2022, 1, 1)) == first
    assert engine.article_at("bakery", date(2023, 1, 1)) == later
    assert engine.article_at("bakery", FIRST) is None
    (then,) = engine.search("rye bread", as_of=date(2022, 1, 1))
    (now,) = engine.search("rye bread")
    assert (then.passage.article, now.passage.article) == (first, later)
    assert engine.passage_counts(["rye"]) == {"rye": 0}
    assert engine.passage_counts(["rye"], as_of=date(2022, 1, 1)) == {"rye": 1}


def test_an_id_of_another_article_is_refused_and_the_rest_goes_in(engine: Engine) -> None:
    filled(engine, replace(BAKERY, origin="/b"))
    refused, added = engine.add([replace(FERRY, id="bakery", origin="/f"), UNDATED])
    assert isinstance(refused, ArticleError)
    assert added is Outcome.ADDED
    assert engine.counts()[0] == 2


def test_what_is_removed_is_nowhere_any_more(engine: Engine) -> None:
    filled(engine, BAKERY, FERRY)
    assert engine.remove("bakery") == BAKERY
    assert engine.remove("bakery") is None
    assert ids(engine, "bread bakery rye") == ["ferry"]
    assert engine.passage_counts(["bread"]) == {"bread": 0}
    assert engine.article("bakery") is engine.article_at("bakery", date.today()) is None


def test_what_is_held_is_counted(engine: Engine) -> None:
    filled(engine, BAKERY, FERRY, UNDATED)
    assert [one.id for one in engine.articles()] == ["ferry", "bakery", "bees"]
    assert engine.counts() == (3, 3)
    assert engine.sources() == [("", 1), ("Harbour Post", 1), ("Oster Weekly", 1)]
    assert engine.dates() == (date(2021, 3, 2), date(2022, 5, 7), 1)
    assert engine.passage_counts(["bee", "2022", "gold"]) == {"bee": 1, "2022": 1, "gold": 0}
    assert engine.phrase_count([["mill", "lane"], ["2022"]]) == 2
    assert engine.phrase_count([["lane", "mill"]]) == 0
    assert engine.mentioning([["oster"], ["bee"]]) == {"ferry": 1, "bees": 1}


def test_near_copies_are_one_hit_and_name_each_others_places(engine: Engine) -> None:
    same = [replace(copy, title=BAKERY.title, text=BAKERY.text, published=BAKERY.published) for copy in COPIES[:3]]
    filled(engine, BAKERY, FERRY, *same)
    families = engine.families([BAKERY, *(engine.article(one.id) for one in (BAKERY, FERRY, *same))])
    assert families[1] == families[3] == families[4] == families[5] != families[2]
    assert families[0] < 0, "what is of no library has no family"
    hits = engine.search("Rosa Quint opened a bakery", k=2)
    assert [len(hit.also) for hit in hits] == [3, 0]
    held = engine.article("bakery")
    places = engine.elsewhere(held, 0, 19)
    assert [(one.article.id, one.text) for one in places] == [(one.id, BAKERY.text[:19]) for one in same]
    assert engine.elsewhere(held, 0, 19, sources=["paper 2"])[0].article.source == "Paper 2"
    assert engine.elsewhere(engine.article("ferry"), 0, 20) == ()


def test_questions_are_answered_over_any_engine(engine: Engine) -> None:
    filled(engine, BAKERY, FERRY, UNDATED)
    assert retrieve("Who waited?", engine, k=1)[0].rank == 1
    found = answer("What did Rosa Quint open on Mill Lane?", engine)
    assert all(one.quote == one.passage.article.text[one.start : one.end] for one in found.citations)
    assert answer("What articles do you have?", engine).reply.articles == 3


WORDS = "oak elm ash fir yew box lime pine".split()
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(lambda words: f"The {' '.join(words)} grew.")


@mark.parametrize("name", [name for name in ENGINES if name != "plain"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abcd"), TEXTS | st.none()), min_size=1, max_size=12), TEXTS)
def test_an_engine_gives_what_looking_at_everything_gives(
    tmp_path_factory, name: str, steps: list[tuple[str, str | None]], query: str
) -> None:
    engine, plain = ENGINES[name](tmp_path_factory.mktemp("engine")), PlainEngine(LetterEncoder())
    for id, text in steps:
        if text is None:
            assert engine.remove(id) == plain.remove(id)
        else:
            article = Article(id, f"Of {id}", text, source=f"S {id}", origin=f"/{id}")
            assert engine.add([article]) == plain.add([article])
    assert list(engine.articles()) == list(plain.articles())
    assert engine.counts() == plain.counts()
    assert engine.passage_counts(WORDS) == plain.passage_counts(WORDS)
    if plain.counts()[0]:
        found, expected = engine.search(query, k=3), plain.search(query, k=3)
        assert [hit.score for hit in found] == approx([hit.score for hit in expected], abs=1e-5)
    if isinstance(engine, Library):
        engine.close()
