from conftest import BAKERY, FERRY, UNDATED

from index import Article, Library
from qa import answer
from qa.suggesting import suggestions


def test_each_suggested_question_is_answered(seed_library: Library) -> None:
    found = suggestions(seed_library)
    assert len(found) == len(set(found)) == 4
    for question in found:
        assert question.endswith("?")
        assert answer(question, seed_library).found


def test_who_when_and_nothing_are_made_out_of_plain_sentences(tmp_path) -> None:
    mill = Article("mill", "A mill", "The tide mill at Arnholt was built in 1721. It ground rye.")
    with Library.create(tmp_path / "library") as library:
        library.add([BAKERY, FERRY, UNDATED, mill])
        assert suggestions(library) == ["When was the tide mill at Arnholt built?", "Who opened a bakery on Mill Lane?"]
        for id in ("bakery", "mill"):
            library.remove(id)
        assert suggestions(library) == []
