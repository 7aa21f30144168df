import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from pytest import raises

from index import Library
from index.errors import LibraryEmpty
from qa import answer
from qa.conversations import keep, new_id
from ui.binding import FIRST_PORT, HOST, ServeError, bound
from ui.server import serve


def test_the_page_may_load_nothing_from_outside(seed_page: str) -> None:
    with urlopen(seed_page, timeout=30) as response:
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"


def test_a_conversation_is_saved_as_a_file_and_another_is_not_found(seed_folder: Path, seed_page: str) -> None:
    with Library.open(seed_folder) as library:
        id = new_id()
        keep(answer("Where did Biden and Xi meet in 2022?", library), id, library)
    for kind, opening in (("md", "# Where did Biden and Xi meet in 2022"), ("json", "{")):
        with urlopen(f"{seed_page}/conversations/{id}.{kind}", timeout=30) as response:
            assert response.read().decode().startswith(opening)
            assert response.headers["content-disposition"].startswith("attachment")
            assert "default-src 'none'" in response.headers["content-security-policy"]
    with raises(HTTPError, match="404"):
        urlopen(f"{seed_page}/conversations/{'0' * 32}.md", timeout=30)


def test_a_name_that_is_not_this_machine_is_turned_away(seed_page: str) -> None:
    with raises(HTTPError, match="400"):
        urlopen(Request(seed_page, headers={"Host": "evil.example"}), timeout=30)


def test_the_page_tells_no_one_that_it_runs() -> None:
    script = (
        "import socket\n"
        "def refuse(*a, **k): raise SystemExit('reached out to ' + repr(a))\n"
        "socket.create_connection = socket.getaddrinfo = socket.socket.connect = refuse\n"
        "import sys; sys.path[:0] = ['.', 'tests']\n"
        "import tempfile, time\n"
        "from conftest import BAKERY, LetterEncoder\n"
        "from index import Library\n"
        "from ui.server import application\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    library = Library.create(folder + '/l', LetterEncoder())\n"
        "    library.add([BAKERY])\n"
        "    application(library)\n"
        "    time.sleep(1)\n"
        "    print('made')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "made", done.stderr
    assert "reached out" not in done.stderr


def test_a_port_in_use_is_passed_over_or_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with raises(ServeError, match=f"no free port \\({port}\\)"):
            bound(port)
    with raises(ServeError):
        bound(700_000)
    first, second = bound(None), None
    first.listen()
    try:
        second = bound(None)
        ports = [one.getsockname() for one in (first, second)]
        assert all(host == HOST for host, _ in ports)
        assert FIRST_PORT <= ports[0][1] < ports[1][1]
    finally:
        first.close()
        if second:
            second.close()


def test_a_library_without_articles_is_not_served(small: Library) -> None:
    for article in list(small.articles()):
        small.remove(article.id)
    with raises(LibraryEmpty):
        serve(small)
