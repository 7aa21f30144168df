from conftest import BAKERY, meant

from index import Library, Passage
from qa import Answer, Citation
from qa.conversations import new_id
from ui.page_talks import Talks

FOUND = Answer("Who?", meant("Who?"), (Citation(1, Passage(BAKERY, 0, len(BAKERY.text)), 0, 50, 0.9, (0, 10)),), ())


def test_turns_are_remembered_and_read_again_from_the_library(small: Library) -> None:
    id, talks = new_id(), Talks(small)
    assert talks.history(id, "") == ()
    assert talks.add(FOUND, id, "") == ""
    assert talks.add(FOUND, id, "") == ""
    assert [turn.question for turn in talks.history(id, "")] == ["Who?", "Who?"]
    assert len(Talks(small).history(id, "")) == 2
    talks.forget(id, "")
    assert len(talks.history(id, "")) == 2


def test_another_owner_neither_reads_nor_adds(small: Library) -> None:
    id, talks = new_id(), Talks(small)
    talks.add(FOUND, id, "ann")
    assert talks.history(id, "bob") == ()
    assert talks.add(FOUND, id, "bob") == "This conversation is another visitor’s."
    assert len(talks.history(id, "ann")) == 1


def test_where_nothing_can_be_written_it_is_said_and_the_turns_are_remembered(small: Library) -> None:
    id, talks = new_id(), Talks(small)
    small._store.database._writer.execute("PRAGMA query_only = 1")
    assert talks.add(FOUND, id, "").startswith("This conversation is not kept: ")
    assert len(talks.history(id, "")) == 1
    assert Talks(small).history(id, "") == ()
