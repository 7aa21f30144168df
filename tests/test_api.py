"""The JSON API: the records of the Python API, errors that say what to do, and nobody's conversations but one's own."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from conftest import BAKERY, FERRY, UNDATED, LetterEncoder, calling
from pydantic import TypeAdapter
from pytest import TempPathFactory, fixture, mark

from index import Article, Library
from index.errors import LibraryDamaged, LibraryUnwritable
from qa import answer, retrieve
from ui import api
from ui.authority import Authority
from ui.records import answer_values, hit_values
from ui.values import (
    AddedValues,
    ArticlesValues,
    AskedValues,
    ConversationsValues,
    ConversationValues,
    ErrorValues,
    HitsValues,
    StatusValues,
    WholeArticleValues,
)

TOKEN = "t" * 32
REMOTE = Authority(TOKEN, names=("footnote.example.org",))
FAR = {"base_url": "http://footnote.example.org"}
BEARER = {"authorization": f"Bearer {TOKEN}"}
WHO = "Who opened a bakery on Mill Lane?"


@fixture(scope="module")
def library(tmp_path_factory: TempPathFactory) -> Iterator[Library]:
    with Library.create(tmp_path_factory.mktemp("api") / "library", LetterEncoder()) as library:
        library.add([BAKERY, FERRY, UNDATED])
        yield library


@fixture(scope="module")
def client(library: Library) -> Iterator[Any]:
    with calling(library) as client:
        yield client


@fixture(scope="module")
def far(library: Library) -> Iterator[Any]:
    with calling(library, REMOTE, **FAR) as client:
        yield client


@fixture
def stranger(far: Any) -> Any:
    far.cookies.clear()
    return far


def fits(shape: Any, values: Any) -> Any:
    """Check values against a shape: no field missing, none more."""
    checked = TypeAdapter(shape).validate_python(values)
    assert checked == values, "each field is documented"
    return values


def refused(answered: Any, status: int) -> dict[str, str]:
    assert answered.status_code == status, answered.text
    return fits(ErrorValues, answered.json())


def test_an_answer_is_the_record_of_the_python_api(client: Any, library: Library) -> None:
    answered = client.post("/api/v1/ask", json={"question": WHO})
    assert answered.status_code == 200
    values = fits(AskedValues, answered.json())
    assert values == {**json.loads(json.dumps(answer_values(answer(WHO, library)))), "conversation": None}
    assert answered.headers["cache-control"] == "no-store"
    for citation in values["citations"]:
        article = library.article(citation["article"]["id"])
        assert citation["quote"] == article.text[citation["start"] : citation["end"]]


def test_passages_are_those_of_the_python_api(client: Any, library: Library) -> None:
    values = fits(HitsValues, client.post("/api/v1/retrieve", json={"question": "fog", "k": 2}).json())
    assert values == json.loads(json.dumps({"hits": [hit_values(hit) for hit in retrieve("fog", library, k=2)]}))


def test_dates_and_sources_narrow(client: Any) -> None:
    def found(**limits: Any) -> set[str]:
        answered = client.post("/api/v1/retrieve", json={"question": "bread ferry bees", "k": 10, **limits})
        return {hit["article"]["id"] for hit in answered.json()["hits"]}

    assert found() == {"bakery", "ferry", "bees"}
    assert found(after="2022-01-01") == {"ferry"}
    assert found(before="2022-01-01") == {"bakery"}
    assert found(sources=["oster WEEKLY"]) == {"ferry"}


def test_as_of_a_day_the_version_of_that_day_is_quoted_and_can_be_read(small: Library) -> None:
    small.add([replace(BAKERY, text="Rosa Quint sells flowers on Mill Lane.", published=date(2023, 1, 1))])
    with calling(small) as client:

        def found(path: str, **more: Any) -> dict[str, Any]:
            return client.post(f"/api/v1/{path}", json={"question": "nine kinds of bread bakery", **more}).json()

        (then,) = (hit for hit in found("retrieve", as_of="2022-01-01")["hits"] if hit["article"]["id"] == "bakery")
        (now,) = (hit for hit in found("retrieve")["hits"] if hit["article"]["id"] == "bakery")
        assert "nine kinds" in then["text"]
        assert "flowers" in now["text"]
        assert found("ask", as_of="2022-01-01")["as_of"] == "2022-01-01"
        assert found("ask")["as_of"] is None
        version = then["article"]["version"]
        assert client.get(f"/api/v1/articles/bakery?version={version}").json()["text"] == BAKERY.text
        assert "flowers" in client.get("/api/v1/articles/bakery").json()["text"]
        refused(client.post("/api/v1/ask", json={"question": WHO, "as_of": "soon"}), 422)

    from ui.api_requests import Earlier, turns

    article = {"id": "bakery", "version": version}
    earlier = {"question": WHO, "citations": [{"article": article, "start": 0, "end": 10}]}
    (turn,) = turns([Earlier.model_validate(earlier)], small)
    assert turn.answer == BAKERY.text[:10], "a quote of an older version is read there"


@mark.parametrize("kept", [True, False])
def test_a_follow_up_leans_on_a_kept_conversation_or_on_answers_sent_back(seed_library: Library, kept: bool) -> None:
    with calling(seed_library) as client:
        first = client.post(
            "/api/v1/ask",
            json={"question": "Where did Biden and Xi meet in 2022?", **({"conversation": "new"} if kept else {})},
        ).json()
        said = {"conversation": first["conversation"]} if kept else {"history": [first]}
        second = client.post("/api/v1/ask", json={"question": "And in 2023?", **said}).json()
        assert second["query"] == "Where did Biden and Xi meet in 2023?"
        assert second["lean"] != "stands alone"
        alone = client.post("/api/v1/ask", json={"question": "And in 2023?", "alone": True, **said}).json()
        assert alone["query"] == "And in 2023?"
        by_words = client.post("/api/v1/ask", json={"question": "And in 2023?", "history": [first["question"]]}).json()
        assert by_words["query"] == second["query"]


def test_quotes_of_a_history_are_read_where_they_stand_and_never_believed(library: Library) -> None:
    from ui.api_requests import Earlier, turns

    def earlier(id: str, start: int, end: int, answer: tuple[int, int] | None = None) -> Earlier:
        citation = {"article": {"id": id, "title": "x"}, "start": start, "end": end, "answer": answer, "quote": "lies"}
        return Earlier.model_validate({"question": WHO, "citations": [citation]})

    (turn,) = turns([earlier("bakery", 0, 10, (0, 4))], library)
    assert turn.answer == BAKERY.text[:10]
    assert turn.cited[0].answer == (0, 4)
    assert turns([earlier("bakery", 0, 10, (0, 40))], library)[0].cited[0].answer is None
    for gone in (
        earlier("nowhere", 0, 5),
        earlier("bakery", 5, 5),
        earlier("bakery", -3, 5),
        earlier("bees", 0, 10**9),
    ):
        (turn,) = turns([gone], library)
        assert (turn.answer, turn.cited) == ("", ())


@mark.parametrize(
    ("sent", "found", "expected"),
    [
        ({}, "question is missing", "it"),
        ({"question": 1}, "question: 1", "a string"),
        ({"question": ["x"]}, "question: a list of 1", "a string"),
        ({"question": "?!"}, "the question is blank", "a few words"),
        ({"question": "why " * 300}, "the question has 1,199 characters", "at most 1,000"),
        ({"question": WHO, "befor": "2022-01-01"}, "the field befor, which is not known", "a field of /api/docs"),
        ({"question": WHO, "after": "yesterday"}, "after: 'yesterday'", "a date such as 2022-11-14"),
        ({"question": WHO, "after": 20221114}, "after: 20221114", "a date such as 2022-11-14"),
        ({"question": WHO, "alone": "yes"}, "alone: 'yes'", "true or false"),
        ({"question": WHO, "sources": "x"}, "sources: 'x'", "a list"),
        ({"question": WHO, "history": ["x"] * 201}, "history: a list of 201", "at most 200 of them"),
        (
            {"question": WHO, "history": ["x"], "conversation": "y"},
            "both a history and a conversation",
            "one of the two",
        ),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(client: Any, sent: dict[str, Any], found: str, expected: str) -> None:
    values = refused(client.post("/api/v1/ask", json=sent), 422)
    assert (values["found"], values["expected"]) == (found, expected)


@mark.parametrize("k", [0, 101, -1, "5", 1.5, None, 10**30])
def test_a_number_of_passages_that_is_none_is_refused(client: Any, k: Any) -> None:
    refused(client.post("/api/v1/retrieve", json={"question": WHO, "k": k}), 422)


@mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"question":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"question": "x", "k": ' + b"9" * 5_000 + b"}",
        b'{"question": "half \\ud800 a character"}',
        b'{"question": "x", "history": ["\\udc00"]}',
        b'{"question": "x", "sources": ["\\ud800"]}',
        b'{"question": "x", "conversation": "\\ud800"}',
        b'{"question": NaN}',
    ],
    ids=range(13),
)
def test_a_body_that_is_no_question_gets_an_error_and_no_traceback(client: Any, body: bytes) -> None:
    answered = client.post("/api/v1/ask", content=body, headers={"content-type": "application/json"})
    assert answered.status_code in {400, 422}
    assert "Traceback" not in refused(answered, answered.status_code)["found"]


@mark.parametrize(
    "words", ["a\0b", "‮why", "x' OR 1=1 --", '"; DROP TABLE articles; --', "* NEAR(", "<script>", "why\r\n"]
)
def test_strange_words_are_only_words(client: Any, words: str) -> None:
    assert client.post("/api/v1/ask", json={"question": f"{words} who"}).status_code == 200
    assert client.get("/api/v1/articles").json()["total"] == 3


@mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_a_body_of_another_kind_than_json_is_refused(client: Any, kind: str) -> None:
    for path in ("/api/v1/ask", "/api/v1/retrieve", "/api/v1/articles"):
        answered = client.post(path, content=b'{"question": "x"}', headers={"content-type": kind} if kind else {})
        refused(answered, 415)


def test_articles_are_listed_by_pages_and_read_whole(client: Any) -> None:
    page = fits(ArticlesValues, client.get("/api/v1/articles?limit=2").json())
    assert ([one["id"] for one in page["articles"]], page["total"]) == (["ferry", "bakery"], 3)
    rest = client.get("/api/v1/articles?limit=2&offset=2").json()
    assert [one["id"] for one in rest["articles"]] == ["bees"]
    assert client.get("/api/v1/articles?offset=999").json()["articles"] == []
    whole = fits(WholeArticleValues, client.get("/api/v1/articles/bakery").json())
    assert whole["text"] == BAKERY.text
    for wrong in ("limit=0", "limit=201", "offset=-1", "limit=x", "offset=" + "9" * 30):
        refused(client.get(f"/api/v1/articles?{wrong}"), 422)


@mark.parametrize(
    "id",
    [
        "nowhere",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/etc/passwd",
        "%2Fetc%2Fpasswd",
        "a%00b",
        "..%5c..%5cx",
        "%ff",
        "x" * 400,
        "'%20OR%201=1",
        "%",
    ],
)
@mark.parametrize("method", ["GET", "DELETE"])
def test_an_id_that_is_none_is_not_found(client: Any, id: str, method: str) -> None:
    values = refused(client.request(method, f"/api/v1/articles/{id}"), 404)
    assert "root:" not in json.dumps(values)


def test_articles_are_added_replaced_and_deleted(client: Any, library: Library) -> None:
    sent = {"articles": [{"id": "hens", "title": "Hens", "text": "Hens lay eggs.", "published": "2024-02-03"}]}
    added = fits(AddedValues, client.post("/api/v1/articles", json=sent).json())
    assert added["counts"] == {"added": 1}
    assert client.post("/api/v1/articles", json=sent).json()["counts"] == {"unchanged": 1}
    sent["articles"][0]["text"] = "Hens lay white eggs."
    assert client.post("/api/v1/articles", json=sent).json()["counts"] == {"replaced": 1}
    assert library.article("hens").text == "Hens lay white eggs."
    assert client.get("/api/v1/articles/hens").json()["published"] == "2024-02-03"
    assert client.delete("/api/v1/articles/hens").json()["title"] == "Hens"
    refused(client.delete("/api/v1/articles/hens"), 404)
    assert library.article("hens") is None


def test_what_cannot_be_added_is_refused_one_by_one(client: Any, library: Library) -> None:
    sent = [
        {"text": "Geese fly south."},
        {"title": "empty"},
        {"id": "bakery", "text": "Mine now."},
        {"id": "../x", "text": "x"},
    ]
    answered = client.post("/api/v1/articles", json={"articles": sent})
    assert answered.status_code == 200
    values = fits(AddedValues, answered.json())
    assert [one["outcome"] for one in values["results"]] == ["added", "refused", "refused", "refused"]
    assert library.article("bakery") == BAKERY, "another origin's article is not replaced"
    assert client.post("/api/v1/articles", json={"articles": sent[1:2]}).status_code == 422
    assert client.post("/api/v1/articles", json={"articles": sent[2:3]}).status_code == 409
    refused(client.post("/api/v1/articles", json={"articles": []}), 422)
    refused(client.post("/api/v1/articles", json={"articles": [{"text": "x"}] * 1001}), 422)
    library.remove(values["results"][0]["id"])


def test_files_are_read_as_they_are_by_footnote_add(client: Any, library: Library) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("inner/owls.md", "# Owls\n\nOwls hunt at night.")
        made.writestr("../../escaped.txt", "Out of the folder.")
    files = [
        ("files", ("../../../elsewhere/swans.md", "# Swans\n\nSwans mate for life.")),
        ("files", ("pack.zip", archive.getvalue())),
        ("files", ("broken.pdf", b"%PDF-1.4 nothing")),
        ("files", ("program.exe", b"MZ")),
        ("files", ("", b"")),
    ]
    answered = client.post("/api/v1/articles/files", files=files[:4])
    values = fits(AddedValues, answered.json())
    outcomes = [(one["id"] or "").rpartition("-")[0] or one["error"]["found"] for one in values["results"]]
    assert outcomes[0] == "swans"
    assert "owls" in outcomes
    assert "/tmp" not in answered.text, "where files were put for reading is no one's business"
    assert any(found.startswith("broken.pdf") for found in outcomes)
    assert any(found.startswith("program.exe is of a kind") for found in outcomes)
    again = client.post("/api/v1/articles/files", files=[("files", ("swans.md", "# Swans\n\nSwans hiss."))])
    assert again.json()["counts"] == {"added": 1}, "another file of the same name takes nothing away"
    for article in list(library.articles()):
        if article.id not in {"bakery", "ferry", "bees"}:
            library.remove(article.id)
    refused(client.post("/api/v1/articles/files", files=[("files", ("x.txt", "y"))] * 101), 422)
    refused(client.post("/api/v1/articles/files", json={}), 422)


def test_strangers_read_and_ask_and_change_nothing(stranger: Any, library: Library) -> None:
    assert stranger.post("/api/v1/ask", json={"question": WHO}).json()["found"]
    assert stranger.get("/api/v1/articles/bakery").status_code == 200
    for answered in (
        stranger.post("/api/v1/articles", json={"articles": [{"text": "x"}]}),
        stranger.post("/api/v1/articles/files", files=[("files", ("x.txt", "y"))]),
        stranger.delete("/api/v1/articles/bakery"),
    ):
        assert refused(answered, 401)["found"] == "no token"
    for wrong in (f"Bearer {TOKEN}x", "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN} {TOKEN}"):
        values = refused(stranger.delete("/api/v1/articles/bakery", headers={"authorization": wrong}), 401)
        assert TOKEN not in json.dumps(values)
    assert library.article("bakery") == BAKERY
    added = stranger.post("/api/v1/articles", json={"articles": [{"id": "own", "text": "x y"}]}, headers=BEARER)
    assert added.json()["counts"] == {"added": 1}
    assert stranger.delete("/api/v1/articles/own", headers=BEARER).status_code == 200


def test_a_conversation_is_listed_read_renamed_exported_and_deleted(client: Any) -> None:
    id = client.post("/api/v1/ask", json={"question": WHO, "conversation": "new"}).json()["conversation"]
    client.post("/api/v1/ask", json={"question": "When does it close?", "conversation": id})
    listed = fits(ConversationsValues, client.get("/api/v1/conversations").json())
    assert listed["conversations"][0]["id"] == id
    assert listed["conversations"][0]["turns"] == 2
    read = fits(ConversationValues, client.get(f"/api/v1/conversations/{id}").json())
    assert [turn["question"] for turn in read["turns"]] == [WHO, "When does it close?"]
    renamed = client.patch(f"/api/v1/conversations/{id}", json={"name": "Bread"})
    assert renamed.json() == {"id": id, "name": "Bread"}
    refused(client.patch(f"/api/v1/conversations/{id}", json={"name": ""}), 422)
    markdown = client.get(f"/api/v1/conversations/{id}/export")
    assert markdown.text.startswith("# Bread")
    assert markdown.headers["content-disposition"] == f'attachment; filename="conversation-{id[:8]}.md"'
    assert client.get(f"/api/v1/conversations/{id}/export?format=json").json() == {**read, "name": "Bread"}
    assert client.get(f"/conversations/{id}.md").text == markdown.text
    refused(client.get(f"/api/v1/conversations/{id}/export?format=exe"), 422)
    assert client.delete(f"/api/v1/conversations/{id}").json() == {"id": id}
    refused(client.get(f"/api/v1/conversations/{id}"), 404)
    refused(client.post("/api/v1/ask", json={"question": WHO, "conversation": id}), 404)


def test_anothers_conversation_is_as_if_it_were_not_there(stranger: Any, client: Any) -> None:
    far = stranger
    own = far.post("/api/v1/ask", json={"question": WHO, "conversation": "new"}).json()["conversation"]
    assert [one["id"] for one in far.get("/api/v1/conversations").json()["conversations"]] == [own]
    owners = client.post("/api/v1/ask", json={"question": "Whose is this?", "conversation": "new"}).json()[
        "conversation"
    ]
    mine = dict(far.cookies)
    for other, id in ((None, own), (mine, owners), ({"footnote_reader": "A" * 43}, own)):
        far.cookies.clear()
        far.cookies.update(other or {})
        for answered in (
            far.get(f"/api/v1/conversations/{id}"),
            far.get(f"/api/v1/conversations/{id}/export"),
            far.get(f"/conversations/{id}.md"),
            far.get(f"/conversations/{id}.json"),
            far.patch(f"/api/v1/conversations/{id}", json={"name": "taken"}),
            far.delete(f"/api/v1/conversations/{id}"),
            far.post("/api/v1/ask", json={"question": WHO, "conversation": id}),
            far.post("/api/v1/retrieve", json={"question": WHO, "conversation": id}),
        ):
            assert "Whose" not in answered.text
            refused(answered, 404)
        assert id not in far.get("/api/v1/conversations?limit=200").text
    assert client.get(f"/api/v1/conversations/{own}").status_code == 404, "not the owner's either"
    assert far.get(f"/api/v1/conversations/{owners}", headers=BEARER).status_code == 200
    far.cookies.clear()
    far.cookies.update(mine)
    assert far.get(f"/api/v1/conversations/{own}").json()["name"] == WHO


def test_an_id_that_was_not_given_begins_no_conversation(client: Any) -> None:
    for id in ("", "mine", "0" * 32, "../x", "a\r\nset-cookie: x"):
        refused(client.post("/api/v1/ask", json={"question": WHO, "conversation": id}), 404)


def test_what_a_conversation_is_called_is_in_no_header(client: Any, library: Library) -> None:
    from qa.conversations import keep

    id = 'x"\r\nset-cookie: a=b; .md'
    keep(answer(WHO, library), id, library)
    answered = client.get("/api/v1/conversations/x%22%0D%0Aset-cookie:%20a=b;%20.md/export")
    assert answered.headers["content-disposition"] == 'attachment; filename="conversation-xset.md"'
    assert "set-cookie" not in answered.headers


def test_the_state_of_the_library_and_its_failures_are_told_to_whom_they_concern(
    client: Any, stranger: Any, library: Library
) -> None:
    library.failures.note({"/home/someone/secret.pdf": ["it is encrypted"]})
    own, others = client.get("/api/v1/status"), stranger.get("/api/v1/status")
    assert fits(StatusValues, own.json())["failures"] == {"/home/someone/secret.pdf": ["it is encrypted"]}
    assert own.json()["articles"] == 3
    assert fits(StatusValues, others.json())["failures"] is None
    assert "/home" not in others.text
    assert others.json()["may_change"] is False
    assert client.get("/api/v1/health").json() == {"status": "ok"}


@mark.parametrize(("broken", "status"), [(LibraryUnwritable, 503), (LibraryDamaged, 500)])
def test_a_library_that_fails_is_told_with_its_place_to_its_owner_alone(
    client: Any, stranger: Any, monkeypatch: Any, broken: type, status: int
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise broken("the library /home/someone/lib is broken", "a whole one", "Run: footnote check")

    monkeypatch.setattr(api, "answer", fail)
    assert "/home/someone" in refused(client.post("/api/v1/ask", json={"question": WHO}), status)["found"]
    assert "/home" not in json.dumps(refused(stranger.post("/api/v1/ask", json={"question": WHO}), status))


def test_a_mistake_of_ours_is_no_traceback(library: Library, monkeypatch: Any) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(api, "answer", fail)
    with calling(library, raise_server_exceptions=False) as client:
        answered = client.post("/api/v1/ask", json={"question": WHO})
        assert "secret" not in json.dumps(refused(answered, 500))
        assert "default-src 'none'" in answered.headers["content-security-policy"]


def test_an_empty_library_is_a_conflict(tmp_path: Any) -> None:
    with Library.create(tmp_path / "empty", LetterEncoder()) as empty, calling(empty) as client:
        assert "holds no articles" in refused(client.post("/api/v1/ask", json={"question": WHO}), 409)["found"]


def test_paths_and_methods_that_are_none_are_said(client: Any) -> None:
    assert refused(client.get("/api/v1/nothing"), 404)["expected"] == "one of /api/docs"
    refused(client.get("/api/v1/ask"), 405)
    refused(client.delete("/api/v1/status"), 405)
    refused(client.put("/api/v1/ask"), 405)
    assert client.options("/api/v1/ask", headers={"origin": "http://evil.example"}).status_code in {404, 405}


def test_a_question_waits_for_no_slow_change(client: Any, library: Library, monkeypatch: Any) -> None:
    """Adding has a turn of its own, so that a large upload does not keep anyone from asking."""
    begun, asked = threading.Event(), threading.Event()

    def slowly(records: Any, library: Library) -> list[Any]:
        begun.set()
        assert asked.wait(30)
        return []

    monkeypatch.setattr(api, "add_records", slowly)
    adding = threading.Thread(target=client.post, args=["/api/v1/articles"], kwargs={"json": {"articles": [{}]}})
    adding.start()
    assert begun.wait(30)
    assert client.post("/api/v1/ask", json={"question": WHO}).json()["found"]
    asked.set()
    adding.join()


def test_articles_with_any_id_can_be_read(library: Library, client: Any) -> None:
    library.add([Article("https://example.org/a/b", "Odd", "An odd id.")])
    assert client.get("/api/v1/articles/https://example.org/a/b").json()["title"] == "Odd"
    assert client.delete("/api/v1/articles/https://example.org/a/b").status_code == 200
