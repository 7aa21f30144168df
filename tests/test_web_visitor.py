import gzip
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import IO

from pytest import MonkeyPatch, fixture, mark, raises
from web_site import Reply, Site, Waits, served, visitor

from index.errors import FetchError
from index.formats.given import Fetched
from index.web import connections
from index.web.addresses import parsed
from index.web.connections import Connections
from index.web.visitor import Visitor

PAGE = Reply("<p>Snow fell.</p>")


@fixture(scope="module")
def running() -> Iterator[Site]:
    with served() as site:
        yield site


@fixture
def site(running: Site) -> Site:
    running.replies.clear()
    running.asked.clear()
    return running


@fixture(scope="module")
def secure() -> Iterator[Site]:
    with served(secure=True) as site:
        yield site


def fetch(url: str, folder: Path, by: Visitor | None = None) -> tuple[bytes, Fetched]:
    file, fetched = (by or visitor()).fetch(parsed(url), folder, named=True)
    return file.read_bytes(), fetched


def refusal(url: str, folder: Path, by: Visitor | None = None) -> str:
    with raises(FetchError) as refused:
        fetch(url, folder, by)
    assert url in str(refused.value)
    return str(refused.value)


def test_a_page_is_fetched_with_its_kind_and_encoding(site: Site, tmp_path: Path) -> None:
    site.replies["/a?b=c"] = Reply("<p>é", kind='text/HTML; Charset="ISO-8859-1"')
    data, fetched = fetch(site.url("/a?b=c"), tmp_path)
    assert (data, fetched.suffix, fetched.charset) == ("<p>é".encode(), ".html", "ISO-8859-1")
    assert site.paths() == ["/robots.txt", "/a?b=c"]
    headers = site.asked[1][1]
    assert headers["Host"] == f"news.example:{site.port}"
    assert headers["User-Agent"].startswith("Footnote/")
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


def test_one_request_a_second_goes_to_a_host_and_as_slow_as_it_asks_for(site: Site, tmp_path: Path) -> None:
    waits = Waits()
    by = visitor(waits=waits)
    site.replies |= {"/a": PAGE, "/b": PAGE}
    fetch(site.url("/a"), tmp_path, by)
    fetch(site.url("/b"), tmp_path, by)
    fetch(site.url("/a", "other.example"), tmp_path, by)
    assert waits.waited == [1, 1, 1]
    assert site.paths() == ["/robots.txt", "/a", "/b", "/robots.txt", "/a"]
    site.replies["/robots.txt"] = Reply("User-agent: *\nCrawl-delay: 7", "text/plain")
    fetch(site.url("/a"), tmp_path, by := visitor(waits=(slow := Waits())))
    fetch(site.url("/b"), tmp_path, by)
    assert slow.waited == [1, 7]


def test_what_robots_txt_forbids_is_not_asked_for(site: Site, tmp_path: Path) -> None:
    site.replies |= {"/robots.txt": Reply("User-agent: footnote\nDisallow: /private", "text/plain"), "/private/a": PAGE}
    assert "not for programs" in refusal(site.url("/private/a"), tmp_path)
    assert site.paths() == ["/robots.txt"]


def test_a_redirect_to_what_robots_txt_forbids_is_not_followed(site: Site, tmp_path: Path) -> None:
    site.replies |= {
        "/robots.txt": Reply("User-agent: *\nDisallow: /private", "text/plain"),
        "/a": Reply(status=302, headers={"Location": "/private"}),
        "/private": PAGE,
    }
    assert "not for programs" in refusal(site.url("/a"), tmp_path)
    assert "/private" not in site.paths()


@mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (401, True), (429, False), (500, False), (503, False)]
)
def test_without_rules_all_may_be_fetched_and_without_an_answer_nothing(
    site: Site, tmp_path: Path, status: int, allowed: bool
) -> None:
    site.replies |= {"/robots.txt": Reply(status=status), "/a": PAGE}
    if allowed:
        assert fetch(site.url("/a"), tmp_path)[0]
    else:
        assert f"answers {status}, so what may be fetched there is unknown" in refusal(site.url("/a"), tmp_path)


def test_robots_txt_may_be_elsewhere_but_nowhere_private(site: Site, tmp_path: Path) -> None:
    site.replies |= {
        "/robots.txt": Reply(status=301, headers={"Location": "/rules"}),
        "/rules": Reply("User-agent: *\nDisallow: /a", "text/plain"),
        "/a": PAGE,
        "/b": PAGE,
    }
    assert "not for programs" in refusal(site.url("/a"), tmp_path)
    assert fetch(site.url("/b"), tmp_path)[0]
    site.replies["/robots.txt"] = Reply(status=301, headers={"Location": "http://10.0.0.1/robots.txt"})
    assert "10.0.0.1" in refusal(site.url("/b"), tmp_path)
    site.replies["/robots.txt"] = Reply(status=301, headers={"Location": "/robots.txt"})
    assert fetch(site.url("/b"), tmp_path)[0], "rules that lead on for ever are no rules (RFC 9309, section 2.3.1.2)"


def test_redirects_are_followed_and_the_last_address_is_known(site: Site, tmp_path: Path) -> None:
    site.replies |= {
        "/a": Reply(status=301, headers={"Location": "b"}),
        "/b": Reply(status=307, headers={"Location": f"//other.example:{site.port}/ü"}),
        "/%C3%BC": PAGE,
    }
    by = visitor()
    assert "leads to port" in refusal(site.url("/a"), tmp_path, by), "only the named host may have a port of its own"
    site.replies["/b"] = Reply(status=308, headers={"Location": "/%C3%BC"})
    _, fetched = fetch(site.url("/a"), tmp_path)
    assert (fetched.asked, fetched.final) == (site.url("/a"), site.url("/%C3%BC"))


def test_redirects_end(site: Site, tmp_path: Path) -> None:
    site.replies |= {f"/{n}": Reply(status=302, headers={"Location": f"/{n + 1}"}) for n in range(9)}
    assert "leads on more than 5 times" in refusal(site.url("/0"), tmp_path)
    assert site.paths()[-1] == "/5"
    site.replies["/x"] = Reply(status=302)
    assert "without saying where" in refusal(site.url("/x"), tmp_path)


@mark.parametrize(
    "target",
    [
        "http://127.0.0.2/", "http://localhost/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://0.0.0.0/", "http://2130706433/",
        "http://[::ffff:127.0.0.1]/", "http://inside.example/", "http://mixed.example/", "file:///etc/passwd", "http://ann:x@news.example/", "gopher://news.example/", "http://[::]/",
    ],
)  # fmt: skip
def test_a_redirect_to_what_is_private_or_not_of_the_web_is_refused(site: Site, tmp_path: Path, target: str) -> None:
    site.replies["/a"] = Reply(status=302, headers={"Location": target})
    by = visitor(
        {"inside.example": ["192.168.1.5"], "mixed.example": ["1.1.1.1", "10.0.0.1"], "localhost": ["127.0.0.9"]}
    )
    message = refusal(site.url("/a"), tmp_path, by)
    assert any(words in message for words in ("public internet", "not of the web", "password", "IP address in a way"))
    assert site.paths() == ["/robots.txt", "/a"]


def test_from_a_secure_page_only_secure_ones_are_gone_to(secure: Site, tmp_path: Path) -> None:
    secure.replies["/a"] = Reply(status=302, headers={"Location": "http://news.example/b"})
    assert "not secure" in refusal(secure.url("/a"), tmp_path)


def test_a_resolver_that_changes_its_mind_changes_nothing(site: Site, tmp_path: Path) -> None:
    answers = [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.7"]]
    asked = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    open_here = Connections(resolver, lambda address: address == "127.0.0.1")
    by = Visitor(open_here, pause=lambda _: None)
    site.replies |= {"/a": PAGE}
    assert fetch(site.url("/a"), tmp_path, by)[0] == b"<p>Snow fell.</p>"
    assert asked == ["news.example"] * 2, "once for each request, and never by the connection itself"
    assert "10.0.0.7" in refusal(site.url("/a"), tmp_path, by)


def test_the_next_address_is_tried_when_one_does_not_answer(site: Site, tmp_path: Path) -> None:
    site.replies["/a"] = PAGE
    both = Connections(lambda *_: ["127.0.0.3", "127.0.0.1"], lambda _: True)
    assert fetch(site.url("/a"), tmp_path, Visitor(both, pause=lambda _: None))[0]


def test_as_users_have_it_nothing_here_can_be_reached(site: Site, tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{site.port}")
    for host in ("127.0.0.1", "localhost"):
        assert "public internet" in refusal(site.url("/a", host), tmp_path, Visitor())
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", site.port))])
    assert "public internet" in refusal(site.url("/a"), tmp_path, Visitor())
    assert site.asked == []


def test_a_host_that_is_not_there_and_a_name_server_that_is_silent(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    def missing(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    by = Visitor(Connections(missing), pause=lambda _: None)
    assert "there is no host nowhere.example" in refusal("https://nowhere.example/", tmp_path, by)
    assert "there is no host" in refusal("https://nowhere.example/", tmp_path, Visitor(Connections(lambda *_: [])))
    monkeypatch.setattr(connections, "CONNECT_SECONDS", 0.05)
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(5) and [])
    assert "not looked up" in refusal("https://nowhere.example/", tmp_path, Visitor())
    done.set()


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "cannot be reached" in refusal(f"http://news.example:{port}/", tmp_path)


def test_a_certificate_must_be_trusted_and_name_the_host(secure: Site, tmp_path: Path) -> None:
    secure.replies["/a"] = PAGE
    assert fetch(secure.url("/a"), tmp_path)[0]
    assert fetch(secure.url("/a", "other.example"), tmp_path)[0]
    assert "self-signed" in refusal(secure.url("/a"), tmp_path, visitor(trusting=False))
    assert "not valid for" in refusal(secure.url("/a", "third.example"), tmp_path)


def test_a_plain_server_is_no_secure_one(site: Site, tmp_path: Path) -> None:
    assert "no secure connection" in refusal(site.url("/a").replace("http:", "https:"), tmp_path)


def test_an_answer_is_at_most_so_large(site: Site, tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr("index.web.media_types._MOST_BYTES", 100_000)
    site.replies["/said"] = Reply(b"x" * 100_001)
    site.replies["/unsaid"] = Reply(send=lambda out: [out.write(b"x" * 1_000) for _ in range(200)] and None)
    site.replies["/just"] = Reply(b"x" * 100_000)
    assert "larger than 0.1 MB" in refusal(site.url("/said"), tmp_path)
    assert "larger than 0.1 MB" in refusal(site.url("/unsaid"), tmp_path)
    assert len(fetch(site.url("/just"), tmp_path)[0]) == 100_000


def test_a_packed_answer_is_unpacked_and_a_bomb_is_not(site: Site, tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    packed = {"Content-Encoding": "gzip"}
    text = "".join(f"<p>Line {number}.</p>" for number in range(50_000)).encode()
    site.replies["/a"] = Reply(gzip.compress(text[:300_000]) + gzip.compress(text[300_000:]), headers=packed)
    assert fetch(site.url("/a"), tmp_path)[0] == text
    bomb = gzip.compress(bytes(30_000_000))
    site.replies["/bomb"] = Reply(bomb, headers=packed)
    assert "larger than 20.0 MB" in refusal(site.url("/bomb"), tmp_path)
    assert sum(len(file.read_bytes()) for file in tmp_path.iterdir()) < len(text) + 20_100_000
    site.replies["/broken"] = Reply(gzip.compress(text)[:-2000], headers=packed)
    assert "breaks off" in refusal(site.url("/broken"), tmp_path)
    site.replies["/false"] = Reply(b"plain after all", headers=packed)
    assert "cannot be unpacked" in refusal(site.url("/false"), tmp_path)
    for coding in ("br", "deflate", "gzip, gzip", "zstd"):
        site.replies["/other"] = Reply(zlib.compress(text), headers={"Content-Encoding": coding})
        assert "was not asked for" in refusal(site.url("/other"), tmp_path)


def test_an_unpacked_piece_is_never_large() -> None:
    pieces = connections._unpacked(iter([gzip.compress(bytes(10_000_000))]), "x")
    sizes = [len(piece) for piece in pieces]
    assert max(sizes) <= 1 << 16
    assert sum(sizes) == 10_000_000


def drip(out: IO[bytes]) -> None:
    for _ in range(200):
        out.write(b"x")
        out.flush()
        time.sleep(0.05)


def silence(out: IO[bytes]) -> None:
    time.sleep(2)


@mark.parametrize(
    "slow", [Reply(send=drip), Reply(send=silence), Reply(status=0, send=drip), Reply(status=0, send=silence)]
)
def test_a_slow_answer_is_given_up_however_little_comes_at_a_time(
    site: Site, tmp_path: Path, monkeypatch: MonkeyPatch, slow: Reply
) -> None:
    monkeypatch.setattr(connections, "READ_SECONDS", 0.3)
    monkeypatch.setattr(connections, "TOTAL_SECONDS", 0.6)
    site.replies["/a"] = slow
    assert "too slow" in refusal(site.url("/a"), tmp_path)


@mark.parametrize(
    ("status", "words"),
    [(404, "is not there"), (410, "is not there"), (401, "refuses us"), (403, "refuses us"), (451, "refuses us"), (500, "fails at the server"), (502, "fails"), (204, "gives no page"), (418, "gives no page"), (304, "gives no page")],
)  # fmt: skip
def test_a_status_is_said_with_what_to_do(site: Site, tmp_path: Path, status: int, words: str) -> None:
    site.replies["/a"] = Reply(status=status)
    message = refusal(site.url("/a"), tmp_path)
    assert words in message
    assert f"({status})" in message


def test_a_busy_server_is_asked_once_more_when_it_is_not_for_long(site: Site, tmp_path: Path) -> None:
    site.replies["/a"] = [Reply(status=429, headers={"Retry-After": "4"}), PAGE]
    waits = Waits()
    assert fetch(site.url("/a"), tmp_path, visitor(waits=waits))[0]
    assert waits.waited == [1, 4]
    site.replies["/a"] = [Reply(status=503, headers={"Retry-After": "600"}), PAGE]
    assert "Try again in 600 seconds" in refusal(site.url("/a"), tmp_path)
    site.replies["/a"] = Reply(status=503, headers={"Retry-After": "1"})
    assert "is busy (503)" in refusal(site.url("/a"), tmp_path)
    assert site.paths().count("/a") == 2 + 1 + 2
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=4), usegmt=True)
    site.replies["/a"] = [Reply(status=429, headers={"Retry-After": soon}), PAGE]
    assert fetch(site.url("/a"), tmp_path)[0]
    site.replies["/a"] = Reply(status=429, headers={"Retry-After": "soon"})
    assert "Try again later" in refusal(site.url("/a"), tmp_path)


@mark.parametrize(
    ("kind", "path", "suffix"),
    [
        ("application/xhtml+xml", "/a", ".html"), ("text/plain", "/a", ".txt"), ("text/plain", "/a.md?x=y.csv", ".md"), ("text/plain; charset=utf-8", "/notes.html", ".txt"),
        ("text/markdown", "/a", ".md"), ("application/pdf", "/a", ".pdf"), ("application/octet-stream", "/a.PDF", ".pdf"), ("", "/a.docx", ".docx"),
        ("application/rss+xml", "/a", ".rss"), ("text/xml", "/a.html", ".xml"),
    ],
)  # fmt: skip
def test_the_content_type_says_what_it_is(site: Site, tmp_path: Path, kind: str, path: str, suffix: str) -> None:
    site.replies[path] = Reply("x", kind=kind)
    assert fetch(site.url(path), tmp_path)[1].suffix == suffix


@mark.parametrize(
    ("kind", "path"),
    [("image/png", "/a.html"), ("video/mp4", "/a"), ("application/json", "/a.jsonl"), ("application/octet-stream", "/a"), ("application/zip", "/a.zip"), ("application/octet-stream", "/a.zip"), ("", "/a"), ("text/html\tx", "/a")],
)  # fmt: skip
def test_what_cannot_be_read_is_not_fetched(site: Site, tmp_path: Path, kind: str, path: str) -> None:
    site.replies[path] = Reply("x" * 100, kind=kind)
    assert "of a kind that cannot be read" in refusal(site.url(path), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_http_is_refused(site: Site, tmp_path: Path) -> None:
    site.replies["/a"] = Reply(status=0, send=lambda out: out.write(b"SSH-2.0-OpenSSH_9.0\r\n") and None)
    assert "does not answer as a web server" in refusal(site.url("/a"), tmp_path)
    endless = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000
    site.replies["/a"] = Reply(status=0, send=lambda out: out.write(endless) and None)
    assert "does not answer as a web server" in refusal(site.url("/a"), tmp_path)
    short = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 50\r\n\r\n<p>only this"
    site.replies["/a"] = Reply(status=0, send=lambda out: out.write(short) and None)
    assert "does not answer as a web server" in refusal(site.url("/a"), tmp_path)
