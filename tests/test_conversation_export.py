import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from conftest import BAKERY, COPIES, REPORT, meant
from markdown_it import MarkdownIt
from pytest import mark

from index import Article, Library, Passage
from qa import Answer, Citation
from qa.conversations import keep, new_id, reopen
from ui.conversation_export import conversation_json, conversation_markdown

FOUND = Answer(
    "Who opened it?", meant("Who opened it?"), (Citation(1, Passage(BAKERY, 0, 50), 0, 50, 0.9, (0, 10)),), (), 0.8
)


def kept(library: Library, *answers: Answer) -> str:
    id = new_id()
    for one in answers:
        keep(one, id, library)
    return id


def test_markdown_has_each_quote_with_a_footnote_that_says_where_it_stands(small: Library) -> None:
    id = kept(small, FOUND, Answer("Why?", meant("Why?"), (), ()), FOUND)
    lines = conversation_markdown(reopen(id, small)).split("\n")
    assert lines[0] == "# Who opened it\\?"
    assert "**Who opened it\\?**" in lines
    assert "> “Rosa Quint opened a bakery on Mill Lane on Monday\\.”[^1]" in lines
    assert "> “Rosa Quint opened a bakery on Mill Lane on Monday\\.”[^2]" in lines
    assert "Not in the articles." in lines
    assert lines[-2] == r"[^2]: A bakery opens on Mill Lane. Harbour Post\, 2 March 2021. (bakery, characters 0-50)"


def test_a_lost_quote_is_told_and_not_shown(small: Library) -> None:
    id = kept(small, FOUND)
    small.remove("bakery")
    text = conversation_markdown(reopen(id, small))
    assert "1 quote was left out: the article, or the version that was quoted, has been removed since." in text
    assert "Rosa" not in text
    assert "Not in the articles." not in text


def test_near_copies_stand_in_the_footnote_and_the_day_above_the_quotes(small: Library) -> None:
    small.add(COPIES)
    also = tuple(Passage(small.article(f"copy-{n}"), 7 + n, 57 + n) for n in (1, 2))
    citation = replace(FOUND.citations[0], also=also)
    id = kept(small, replace(FOUND, citations=(citation,), as_of=date(2024, 5, 1)))
    text = conversation_markdown(reopen(id, small))
    assert "*As of 1 May 2024\\, in the versions of the articles that were current then.*" in text.replace("\\.", ".")
    (note,) = [line.replace("\\", "") for line in text.split("\n") if line.startswith("[^1]:")]
    assert note.endswith(
        "(bakery, characters 0-50); also in 2 others: "
        "Paper 1, 3 March 2021. https://paper-1.example/bakery (copy-1, characters 8-58); "
        "Paper 2, 4 March 2021. https://paper-2.example/bakery (copy-2, characters 9-59)"
    )
    (turn,) = json.loads(conversation_json(reopen(id, small)))["turns"]
    assert [one["article"]["id"] for one in turn["citations"][0]["also"]] == ["copy-1", "copy-2"]
    assert turn["as_of"] == "2024-05-01"


def test_json_has_everything(small: Library) -> None:
    id = kept(small, FOUND)
    values = json.loads(conversation_json(reopen(id, small)))
    assert values["id"] == id
    assert values["name"] == "Who opened it?"
    (turn,) = values["turns"]
    assert turn["citations"][0]["quote"] == BAKERY.text[:50]
    assert turn["citations"][0]["article"]["id"] == "bakery"
    assert turn["lost"] == 0


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag, attrs) -> None:
        self.seen.add(tag)


@mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "![x](https://evil.example/a.png)",
        "[1](#x)",
        "[^1]: forged",
        "# heading",
        "> quote",
    ],
)
def test_hostile_text_stays_text(small: Library, text: str) -> None:
    article = Article("a", text, text, source=text, url=f"https://evil.example/{text}")
    small.add([replace(article, url="")])
    found = Answer(text, meant(text, text + "!"), (Citation(1, Passage(article, 0, len(text)), 0, len(text), 0.9),), ())
    markdown = conversation_markdown(reopen(kept(small, found), small))
    tags = _Tags()
    tags.feed(MarkdownIt("commonmark").render(markdown))
    assert tags.seen <= {"h1", "p", "strong", "em", "blockquote"}
    assert sum(line.startswith("[^1]:") for line in markdown.split("\n")) == 1


def test_a_quote_of_a_paged_article_names_its_page_and_author(small: Library) -> None:
    small.add([REPORT])
    found = Answer("What?", meant("What?"), (Citation(1, Passage(REPORT, 0, 80), 60, 70, 0.9),), ())
    conversation = reopen(kept(small, found), small)
    footnote = MarkdownIt().render(conversation_markdown(conversation).split("[^1]: ")[1])
    assert "Report on the tides. Ann Lee and Ivo Brandt, Oster Weekly, no date." in footnote
    assert "https://oster.example/tides.pdf#page=4 (tides, p. 4, characters 60-70)" in footnote
    (turn,) = json.loads(conversation_json(conversation))["turns"]
    assert turn["citations"][0]["pages"] == [4, 4]
    assert turn["citations"][0]["article"]["author"] == "Ann Lee and Ivo Brandt"
