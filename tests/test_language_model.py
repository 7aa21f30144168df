"""The client, beside servers that stall, break off, refuse, lie about their size and send on."""

import json
import threading
import time
import traceback

from model_server import Behaviour, answers, completion, model_server, says, sends, stalls
from pytest import MonkeyPatch, mark, raises

from qa.language_model import LanguageModel, LanguageModelError

ASKED = [{"role": "user", "content": "Who waited?"}]
KEY = "sk-not-to-be-seen"
OK = b"HTTP/1.1 200 OK\r\n"


def test_a_model_is_asked_as_the_protocol_says() -> None:
    with model_server(says("Ivo Brandt [1].")) as server:
        reply = LanguageModel(server.address, "small", KEY).complete(ASKED)
    assert (reply.text, reply.cut, reply.declined) == ("Ivo Brandt [1].", False, False)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.values == {
        "model": "small",
        "messages": ASKED,
        "stream": False,
        "temperature": 0,
        "max_tokens": 600,
    }


def test_without_a_key_none_is_sent_and_a_slash_at_the_end_does_no_harm() -> None:
    with model_server(says("Yes.")) as server:
        LanguageModel(server.address + "/", "small").complete(ASKED)
    assert "authorization" not in server.requests[0].headers
    assert server.requests[0].path == "/v1/chat/completions"


@mark.parametrize("status", [400, 422])
def test_a_model_that_refuses_the_settings_is_asked_without_them(status: int) -> None:
    def behave(handler: object, server: object) -> None:
        fits = "temperature" not in server.requests[-1].values and "max_tokens" not in server.requests[-1].values
        (says("Fine.") if fits else answers(b"{}", status=status))(handler, server)

    with model_server(behave) as server:
        assert LanguageModel(server.address, "new").complete(ASKED).text == "Fine."
    assert len(server.requests) == 2


@mark.parametrize(
    ("behave", "text", "cut", "declined"),
    [
        (says("Half a sen", ended="length"), "Half a sen", True, False),
        (says("", ended="content_filter"), "", False, True),
        (says(None, refusal="I will not."), "", False, True),
        (says([{"type": "text", "text": "In "}, {"type": "image"}, 7, {"text": "parts."}]), "In parts.", False, False),
    ],
)
def test_how_a_reply_ended_is_told(behave: Behaviour, text: str, cut: bool, declined: bool) -> None:
    with model_server(behave) as server:
        reply = LanguageModel(server.address, "small").complete(ASKED)
    assert (reply.text, reply.cut, reply.declined) == (text, cut, declined)


@mark.parametrize(
    ("behave", "words"),
    [
        (answers(b"<html>Sign in</html>"), "not JSON"),
        (answers(completion("Ivo")[:-9]), "not JSON"),
        (answers(b"[" * 100_000), "not JSON"),
        (answers(b"\xff\xfe"), "not JSON"),
        (answers(b"[]"), "without a message"),
        (answers(b'{"choices": []}'), "without a message"),
        (answers(b'{"choices": {"0": 1}}'), "without a message"),
        (answers(b'{"choices": [{"message": "text"}]}'), "without a message"),
        (answers(b'{"choices": "text"}'), "without a message"),
        (answers(b"null"), "without a message"),
        (answers(b'"' + b"x" * 300_000 + b'"'), "more than 262,144 bytes"),
        (sends(OK + b"\r\n", endless=b"x" * 65_536), "more than 262,144 bytes"),
        (says(7), "without a text"),
        (says({"a": 1}), "without a text"),
        (says(None), "without a text"),
        (says(" \n"), "an empty message"),
        (sends(OK + b"content-length: 500\r\n\r\n{"), "breaks off"),
        (sends(OK + b"transfer-encoding: chunked\r\n\r\nzz\r\n"), "breaks off"),
        (sends(b"hello\r\n"), "not HTTP"),
        (sends(b""), "breaks off"),
        (sends(OK + b"x: " + b"y" * 200_000 + b"\r\n\r\n"), "breaks off"),
        (answers(b"\x1f\x8b\x08", content_encoding="gzip"), "compressed"),
    ],
)
def test_a_reply_that_is_none_is_an_error(behave: Behaviour, words: str) -> None:
    with model_server(behave) as server, raises(LanguageModelError, match=words):
        LanguageModel(server.address, "small", seconds=10).complete(ASKED)


@mark.parametrize(
    ("status", "words"),
    [
        (401, "Check the key"),
        (403, "Check the key"),
        (404, "ends in /v1"),
        (400, "model's name"),
        (429, "Wait"),
        (500, "Ask again later"),
        (418, "Check the address"),
    ],
)
def test_a_refusal_names_its_status_and_what_to_do_and_nothing_the_server_said(status: int, words: str) -> None:
    body = json.dumps({"error": f"wrong key {KEY}"}).encode()
    with model_server(answers(body, status=status)) as server, raises(LanguageModelError, match=words) as caught:
        LanguageModel(server.address, "small", KEY).complete(ASKED)
    assert f"status {status}" in str(caught.value)
    assert KEY not in "".join(traceback.format_exception(caught.value))


@mark.parametrize("status", [301, 302, 307, 308])
def test_nothing_is_sent_on_to_another_address(status: int) -> None:
    with model_server(says("Ivo.")) as other:
        away = answers(b"", status=status, location=f"{other.address}/chat/completions")
        with model_server(away) as server, raises(LanguageModelError, match="sends on to another address"):
            LanguageModel(server.address, "small", KEY).complete(ASKED)
    assert len(server.requests) == 1
    assert other.requests == []


@mark.parametrize(
    "behave",
    [
        stalls,
        sends(OK, endless=b"x: y\r\n", pause=0.05),
        sends(OK + b"\r\n", endless=b" ", pause=0.05),
        sends(endless=b"H", pause=0.05),
    ],
    ids=["no byte", "slow head", "slow body", "slow first line"],
)
def test_the_limit_is_on_the_whole_however_slowly_bytes_come(behave: Behaviour) -> None:
    with model_server(behave) as server:
        began = time.monotonic()
        with raises(LanguageModelError, match=r"did not answer within 0\.3 seconds"):
            LanguageModel(server.address, "small", seconds=0.3).complete(ASKED)
        assert time.monotonic() - began < 15, "the stalling server holds on for thirty seconds"
        if behave is not stalls:  # a read in which nothing comes ends by itself
            while any(thread.name == "language model" for thread in threading.enumerate()):
                assert time.monotonic() - began < 15, "what was given up goes on reading"
                time.sleep(0.01)


def test_no_server_at_the_address() -> None:
    with model_server(stalls) as server:
        pass
    with raises(LanguageModelError, match="no language model answers at"):
        LanguageModel(server.address, "small", KEY).complete(ASKED)


def test_a_server_without_tls_at_an_https_address() -> None:
    with model_server(stalls) as server, raises(LanguageModelError, match="cannot be asked over https"):
        LanguageModel(server.address.replace("http:", "https:"), "small", KEY, seconds=10).complete(ASKED)
    assert server.requests == []


def test_a_proxy_of_the_environment_is_not_told_what_is_asked_on_this_machine(monkeypatch: MonkeyPatch) -> None:
    with model_server(stalls) as proxy, model_server(says("Ivo.")) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.address.removesuffix("/v1"))
        assert LanguageModel(server.address, "small", KEY, seconds=10).complete(ASKED).text == "Ivo."
    assert proxy.requests == []


@mark.parametrize(
    ("address", "words"),
    [
        ("", "is not one"),
        ("localhost:11434", "is not one"),
        ("ftp://127.0.0.1", "begins with ftp"),
        ("file:///etc/passwd", "is not one"),
        ("https://", "is not one"),
        ("https://host:port/v1", "is not one"),
        ("https://host/v1\r\nx: y", "is not one"),
        ("https://exämple.org", "is not one"),
        ("https://me:secret@host/v1", "a name, a password"),
        ("https://host/v1?key=secret", "question mark"),
        ("http://example.org/v1", "plain http"),
        ("http://10.0.0.7:8000", "plain http"),
        ("http://127.0.0.1.example.org/v1", "plain http"),
        ("http://localhost.example.org/v1", "plain http"),
    ],
)
def test_an_address_that_cannot_be_used(address: str, words: str) -> None:
    with raises(LanguageModelError, match=words) as caught:
        LanguageModel(address, "small")
    assert "secret" not in str(caught.value)


@mark.parametrize(
    "address", ["http://127.0.0.1:1/v1", "http://localhost/v1", "http://[::1]:8/v1", "https://models.example/v1"]
)
def test_an_address_that_can_be_used(address: str) -> None:
    assert LanguageModel(address, "small").address == address


def test_plain_http_to_another_machine_has_to_be_allowed() -> None:
    assert LanguageModel("http://10.0.0.7:8000", "small", plain_http=True).plain_http


@mark.parametrize(("name", "key"), [("", ""), ("a\nb", ""), ("a\u202eb", ""), ("a", "two words"), ("a", "x\r\ny: z")])
def test_a_name_or_key_that_cannot_be_sent(name: str, key: str) -> None:
    with raises(LanguageModelError) as caught:
        LanguageModel("https://host/v1", name, key)
    assert not key or key not in str(caught.value)


def test_the_key_is_not_in_what_is_printed_of_a_model() -> None:
    assert KEY not in repr(LanguageModel("https://host/v1", "small", KEY))
