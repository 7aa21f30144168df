import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pytest import MonkeyPatch, fixture, mark, raises
from small_files import MAYOR, SNOW, article, mail, page, pdf, pdf_page, rss, zipped

from index import Article, reading_process
from index.errors import ArticleError
from index.files import read_articles

ROOT = Path(__file__).parent.parent
SLOW = "<article>" + "".join(f"<p>It snowed on day {n}, and all was shut.</p>" for n in range(200_000))
"""A page that takes far longer to read than other pages do."""

pytestmark = mark.skipif(sys.platform == "win32", reason="signals and named pipes")


@fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Begin and end each test without a process."""
    reading_process._end_all()
    reading_process._idle.clear()
    yield
    reading_process._end_all()
    reading_process._idle.clear()


def pid() -> int:
    (process,) = reading_process._running
    return process._process.pid


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def until(happened: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.02)
    return happened()


def hanging(folder: Path, name: str = "hangs.pdf") -> Path:
    """Give a file whose reading never ends: a pipe that nobody writes to."""
    os.mkfifo(folder / name)
    return folder / name


def test_one_process_serves_all_files_and_plain_text_needs_none(tmp_path: Path) -> None:
    article(tmp_path / "a.txt", SNOW)
    assert not reading_process._running
    article(tmp_path / "a.html", page())
    first = pid()
    article(tmp_path / "a.pdf", pdf([pdf_page(SNOW)]))
    assert pid() == first


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(reading_process, "SECONDS", 0.5)
    (error,) = read_articles(hanging(tmp_path))
    assert "takes more than 0 seconds" in str(error)
    assert isinstance(error, ArticleError)
    monkeypatch.setattr(reading_process, "SECONDS", 30.0)
    assert article(tmp_path / "a.html", page()).text


@mark.parametrize("death", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_a_crash_is_an_error_of_its_file(tmp_path: Path, death: signal.Signals) -> None:
    file = hanging(tmp_path)
    threading.Thread(target=lambda: until(lambda: bool(reading_process._running)) and os.kill(pid(), death)).start()
    (error,) = read_articles(file)
    assert f"made its reader crash ({death.name})" in str(error)
    assert article(tmp_path / "a.html", page()).text


def test_a_process_that_ended_while_it_was_idle_is_replaced(tmp_path: Path) -> None:
    article(tmp_path / "a.html", page())
    first = pid()
    os.kill(first, signal.SIGKILL)
    assert article(tmp_path / "a.html", page()).text
    assert pid() != first


@mark.skipif(sys.platform != "linux", reason="the limit of memory holds on Linux")
def test_a_file_that_takes_too_much_memory_is_refused(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(reading_process, "MEMORY_BYTES", 300_000_000)
    items = f"<item><title>x</title><description>{SNOW}</description></item>" * 300_000
    (tmp_path / "a.xml").write_text(rss(items))
    found = list(read_articles(tmp_path / "a.xml"))
    assert isinstance(found[-1], ArticleError)
    assert article(tmp_path / "a.html", page()).text


def test_a_member_that_hangs_does_not_take_its_archive_with_it(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(reading_process, "SECONDS", 1.5)
    (tmp_path / "a.zip").write_bytes(zipped({"a.html": SLOW, "b.html": page(), "c.txt": MAYOR}))
    error, b, c = read_articles(tmp_path / "a.zip")
    assert f"{tmp_path / 'a.zip'}!a.html takes more than" in str(error)
    assert [getattr(one, "origin", "")[-6:] for one in (b, c)] == ["b.html", "!c.txt"]


def test_an_archive_that_changed_is_opened_anew(tmp_path: Path) -> None:
    assert article(tmp_path / "a.zip", zipped({"a.txt": SNOW})).text == SNOW
    assert article(tmp_path / "a.zip", zipped({"a.txt": MAYOR})).text == MAYOR


def test_an_archive_that_ends_the_process_again_and_again_is_given_up(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(reading_process, "SECONDS", 0.4)
    (tmp_path / "a.zip").write_bytes(zipped({**dict.fromkeys(["a.html", "b.html", "c.html"], SLOW), "d.txt": SNOW}))
    *slow_ones, last = read_articles(tmp_path / "a.zip")
    assert len(slow_ones) == 3
    assert "ended its reader 3 times" in str(last)


def test_a_reading_that_is_broken_off_leaves_no_process_at_work(tmp_path: Path) -> None:
    (tmp_path / "a.rss").write_text(rss(f"<item><description>{SNOW}</description></item>" * 1000))
    reading = read_articles(tmp_path / "a.rss")
    assert isinstance(next(reading), Article)
    number = pid()
    reading.close()  # type: ignore[attr-defined]
    assert not alive(number)
    assert article(tmp_path / "a.html", page()).text


def test_two_files_can_be_read_at_once(tmp_path: Path) -> None:
    for name in ("a.rss", "b.rss"):
        (tmp_path / name).write_text(rss(f"<item><description>{SNOW}</description></item>" * 3))
    pairs = list(zip(read_articles(tmp_path / "a.rss"), read_articles(tmp_path / "b.rss"), strict=True))
    assert len(pairs) == 3


def test_a_file_that_vanished_or_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    (error,) = read_articles(tmp_path / "gone.pdf")
    assert "cannot be read (No such file or directory)" in str(error)


def test_a_working_folder_that_changes_does_not_matter(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    article(tmp_path / "a.html", page())
    monkeypatch.chdir(tmp_path)
    (found,) = read_articles(Path("a.html"))
    assert isinstance(found, Article)
    assert found.origin == str((tmp_path / "a.html").resolve())


READS = """
import sys
from pathlib import Path
from index import reading_process
from index.files import read_articles
print(len(list(read_articles(Path(sys.argv[1])))), flush=True)
print(*(process._process.pid for process in reading_process._running), flush=True)
sys.stdin.read() if len(sys.argv) < 3 else list(read_articles(Path(sys.argv[2])))
"""
"""A script without a guard of its main module."""


def started(*arguments: object) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [sys.executable, "-c", READS, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout
    assert process.stdout.readline() == "1\n"
    return process, int(process.stdout.readline())


@mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, None])
def test_no_process_outlives_ours(tmp_path: Path, end: signal.Signals | None) -> None:
    (tmp_path / "a.html").write_text(page())
    process, reader = started(tmp_path / "a.html")
    if end:
        process.send_signal(end)
    process.communicate("", timeout=10)
    assert until(lambda: not alive(reader))


def test_an_interrupt_in_the_midst_of_a_file_ends_both_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page())
    process, reader = started(tmp_path / "a.html", hanging(tmp_path))
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert until(lambda: not alive(reader), 1)


def test_footnote_add_is_stopped_without_a_trace(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail(("Content-Type: text/plain", SNOW)))
    (tmp_path / "b.html").write_text(SLOW * 5)
    library = str(tmp_path / "library")
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "add", str(tmp_path), "--library", library, "--quiet"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert until(lambda: bool(children_of(process.pid)), 20)
    time.sleep(1)  # it is reading by now
    process.send_signal(signal.SIGINT)
    said, wrong = process.communicate(timeout=20)
    assert "Traceback" not in said + wrong
    assert process.returncode == 130
    assert until(lambda: not children_of(process.pid), 2)


def children_of(number: int) -> str:
    """Give the ids of the processes that a process has started."""
    return subprocess.run(["ps", "--ppid", str(number), "-o", "pid="], capture_output=True, text=True).stdout


def test_what_a_process_says_that_is_no_line_of_ours_is_a_crash(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(reading_process, "_COMMAND", "print('[')")
    (tmp_path / "a.html").write_text(page())
    (error,) = read_articles(tmp_path / "a.html")
    assert "made its reader crash (exit status 0)" in str(error)


def test_no_process_at_all_is_an_error(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    (tmp_path / "a.html").write_text(page())
    with raises(FileNotFoundError):
        reading_process._Process()
    (error,) = read_articles(tmp_path / "a.html")
    assert isinstance(error, ArticleError)
