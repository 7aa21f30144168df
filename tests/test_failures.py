from index import Library


def test_a_files_reasons_stay_until_it_is_tried_again(small: Library) -> None:
    failures = small.failures
    failures.note({"/b": ["no text"], "/a": ["line 1", "line 7"], "/good": []})
    assert failures.all() == {"/a": ["line 1", "line 7"], "/b": ["no text"]}
    failures.note({"/a": ["line 7"], "/b": []})
    assert failures.all() == {"/a": ["line 7"]}


def test_noting_what_is_known_writes_nothing(small: Library, monkeypatch) -> None:
    small.failures.note({"/a": ["no text"]})
    monkeypatch.setattr(type(small._store.database), "writing", None)
    small.failures.note({"/a": ["no text"], "/new": []})


def test_searches_do_not_see_failures(small: Library) -> None:
    state = small.state()
    small.failures.note({"/a": ["bread"]})
    assert small.state() == state
