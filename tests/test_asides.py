from datetime import date

from pytest import mark

from index import Article, Library, Place
from qa import Turn
from qa.asides import SHOWN, aside, reply
from qa.records import Aside, Cited


@mark.parametrize(
    ("said", "kind"),
    [
        ("thanks", Aside.THANKS),
        ("Ok, thank you very much!", Aside.THANKS),
        ("great", Aside.THANKS),
        ("Hi there", Aside.GREETING),
        ("bye!", Aside.BYE),
        ("What can you answer?", Aside.HELP),
        ("what can I ask you", Aside.HELP),
        ("Which articles do you have?", Aside.ARTICLES),
        ("how many articles are there?", Aside.ARTICLES),
        ("List the sources", Aside.SOURCES),
        ("what's in the library?", Aside.ARTICLES),
        ("What is the latest article?", Aside.DATES),
        ("which articles did you cite?", Aside.CITED),
        ("How many articles mention Taiwan?", Aside.MENTIONS),
        ("which articles talk about the ferry", Aside.MENTIONS),
        ("How often is Ivo Brandt mentioned?", Aside.MENTIONS),
        ("Do any articles mention bread or cake?", Aside.MENTIONS),
    ],
)
def test_what_is_not_asked_of_the_articles_is_recognised(said: str, kind: Aside) -> None:
    assert aside(said)[0] is kind


@mark.parametrize(
    "question",
    [
        "How many articles does the treaty have?",
        "What can Congress do?",
        "Who thanked the mayor?",
        "What about Taiwan?",
        "Why?",
        "Which sources did the reporter name?",
        "Who is there?",
        "help me understand the Taiwan Relations Act",
        "What are they about?",
        "",
        "x" * 500,
        "?!",
    ],
)
def test_a_question_to_the_articles_is_none(question: str) -> None:
    assert aside(question) == (None, "")


def test_the_words_to_count_are_taken_over_by_what_leans_on_a_count() -> None:
    count = Turn("How many articles mention “Rosa Quint”?")
    assert aside(count.question) == (Aside.MENTIONS, "Rosa Quint")
    assert aside("and Ivo Brandt?", [count]) == (Aside.MENTIONS, "Ivo Brandt")
    assert aside("which ones?", [count]) == (Aside.MENTIONS, "Rosa Quint")


def test_a_very_long_conversation_is_no_burden() -> None:
    """A count that leans on a count looked back turn by turn, and ended the program after a thousand of them."""
    turns = [Turn("How many articles mention bread?"), *(Turn("and Japan?") for _ in range(5_000))]
    assert aside("and Ivo Brandt?", turns) == (Aside.MENTIONS, "Ivo Brandt")
    assert aside("Why?", [Turn("x" * 100_000)] * 5_000) == (None, "")


def test_a_count_looks_at_every_passage_and_not_at_the_best(tmp_path, letters) -> None:
    articles = [
        Article(
            f"a{i}",
            f"Day {i}",
            "\n\n".join(["Fog lay over Oster. " * 30] * (1 + i % 3)),
            published=date(2020, 1, 1 + i % 28),
        )
        for i in range(150)
    ]
    articles += [Article("title", "Oster", "Nothing here names it."), Article("none", "Sun", "No fog at all.")]
    with Library.create(tmp_path / "library", letters) as library:
        library.add(articles)
        found = reply("How many articles mention Oster?", [], library)
        by_hand = sum(
            "oster" in library.passages(a.id)[i].text.lower()
            for a in articles
            for i in range(len(library.passages(a.id)))
        )
        assert found.total == sum("oster" in f"{a.title} {a.text}".lower() for a in articles) == 151
        assert found.holding == by_hand + 1
        assert (found.articles, found.passages) == library.counts()
        assert len(found.listed) == SHOWN
        days = [one.article.published for one in found.listed]
        assert days == sorted(days, reverse=True)


@mark.parametrize(
    ("question", "total"),
    [
        ("How many articles mention bakeries?", 1),
        ("How many articles mention Rosa Quint?", 1),
        ("How many articles mention Quint Rosa?", 0),
        ("How many articles mention bakery or ferry?", 2),
        ("How many articles mention the bakery and the ferry?", 0),
        ("How many articles mention zithers?", 0),
        ('How many articles mention "*" OR x:y ( NEAR?', 0),
    ],
)
def test_counts_are_of_phrases_and_word_forms(small: Library, question: str, total: int) -> None:
    found = reply(question, [], small)
    assert found is None or found.total == total


def test_what_was_cited_is_told_with_how_often(small: Library) -> None:
    cited = Turn("Who bakes?", "", "", (Cited(Place("bakery", 0, 50)), Cited(Place("gone", 0, 5))))
    found = reply("which articles did you quote?", [cited, cited], small)
    assert [(one.article.id, one.passages) for one in found.listed] == [("bakery", 2)]


def test_help_tells_what_is_there(small: Library) -> None:
    found = reply("what can you answer?", [], small)
    assert found.sources == tuple(small.sources())
    assert found.dates == small.dates()
    assert reply("Who opened a bakery?", [], small) is None
