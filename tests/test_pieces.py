from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pytest import fixture, raises

from index.encoder import default_vocabulary
from index.errors import ModelError
from index.pieces import Vocabulary

WORDS = Vocabulary(default_vocabulary())


@fixture(scope="module")
def vocabulary() -> Vocabulary:
    return WORDS


def test_bare_pieces_tell_which_characters_they_stand_for(vocabulary: Vocabulary) -> None:
    text = "Rosa Quint sells “rye” at 4 p.m."
    (pieces,) = vocabulary.bare([text])
    assert [text[a:b] for a, b in pieces.places] == "Rosa Qui nt sells “ rye ” at 4 p . m .".split()
    assert len(pieces.ids) == len(pieces.places)


@given(st.text(max_size=200))
def test_places_lie_in_the_text_and_do_not_go_back(text: str) -> None:
    (pieces,) = WORDS.bare([text])
    for (a, b), (c, d) in pairwise(pieces.places):
        assert 0 <= a <= b <= len(text)
        assert c >= a
        assert d <= len(text)


def test_whole_texts_have_marks_and_are_cut(vocabulary: Vocabulary) -> None:
    cls, sep = vocabulary.id("[CLS]"), vocabulary.id("[SEP]")
    long, short = vocabulary.whole(["bread " * 300, "bread"], 16)
    assert (len(long), long[0], long[-1]) == (16, cls, sep)
    assert short == [cls, *vocabulary.bare(["bread"])[0].ids, sep]


def test_threads_may_ask_for_different_lengths(vocabulary: Vocabulary) -> None:
    with ThreadPoolExecutor(4) as pool:
        lengths = [8, 16, 32, 64] * 20
        found = pool.map(lambda n: len(vocabulary.whole(["bread " * 300], n)[0]), lengths)
        assert list(found) == lengths


def test_what_is_no_tokenizer_is_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    with raises(ModelError, match=r"tokenizer\.json does not load"):
        Vocabulary(tmp_path / "tokenizer.json")
    with raises(ModelError, match=r"without \[NONE\]"):
        vocabulary.id("[NONE]")
