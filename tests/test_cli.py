"""The command line as a person uses it: in a process of its own where that matters, otherwise through `main`."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path

from conftest import BAKERY, LetterEncoder, copied, meant, without_override
from model_server import model_server, says, stalls
from pytest import CaptureFixture, MonkeyPatch, fixture, mark
from small_files import MAYOR, page, pdf, pdf_page, zipped

import index.intake
import seeds
from index import Library, Passage, Place
from qa import Answer, Citation, answer
from qa.conversations import keep, new_id
from qa.judging import Verdict, judge
from ui.cli import main

SNOW = "---\ntitle: Snow in June\nsource: Hill Gazette\npublished: 2020-06-09\n---\nIt snowed on Hollow Hill in June. Nobody had expected it.\n"


@fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "snow.md").write_text(SNOW)
    return folder


@fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *map(str, arguments)], capture_output=True, text=True, timeout=120, **options
    )


def in_terminal(*arguments: object, typed: str) -> str:
    """Run a command as at a terminal, with what is typed there; give what it shows."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 120))
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    shown = b""
    with suppress(OSError):  # a terminal ends so on Linux
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    assert process.wait(60) == 0, shown.decode()
    return shown.decode()


def one_clear_message(capsys: CaptureFixture[str]) -> str:
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("footnote: ")
    assert shown.err.count("\n") == 1
    assert "Traceback" not in shown.err
    return shown.err


def test_adding_asking_listing_and_removing(articles: Path, library: Path, capsys: CaptureFixture[str]) -> None:
    assert main(["add", str(articles), "--library", str(library), "--quiet"]) == 0
    assert capsys.readouterr().out == "1 article: 1 added.\n"
    assert main(["add", str(articles), "--library", str(library), "--quiet"]) == 0
    assert capsys.readouterr().out == "1 article: 1 unchanged.\n"
    (articles / "snow.md").write_text(SNOW.replace("June", "May"))
    assert main(["add", str(articles), "--library", str(library), "--quiet"]) == 0
    assert capsys.readouterr().out == "1 article: 1 replaced.\n"

    assert main(["ask", "When did it snow on Hollow Hill?", "--library", str(library)]) == 0
    assert "“It snowed on Hollow Hill in May.” [1]" in capsys.readouterr().out

    assert main(["list", "--json", "--library", str(library)]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["title"] == "Snow in May"
    assert "origin" not in listed
    assert main(["remove", "nothing", listed["id"], "--library", str(library)]) == 2
    shown = capsys.readouterr()
    assert "no article has the id nothing" in shown.err
    assert shown.out == f"removed {listed['id']}: Snow in May\n"
    assert main(["ask", "When did it snow?", "--library", str(library)]) == 2
    assert "holds no articles" in one_clear_message(capsys)


def test_json_gives_what_was_found_with_offsets(seed_folder: Path, capsys: CaptureFixture[str]) -> None:
    assert main(["ask", "What was shot down over the Atlantic Ocean?", "--json", "--library", str(seed_folder)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["found"] is True
    with Library.open(seed_folder) as opened:
        for part in (*answer["citations"], *answer["hits"]):
            text = opened.article(part["article"]["id"]).text
            assert text[part["start"] : part["end"]] == part.get("quote", part.get("text"))
    assert str(seeds.ARTICLES) not in json.dumps(answer), (
        "where an article was read on this machine is nobody's business"
    )


def test_filters_narrow_what_is_searched(seed_folder: Path, capsys: CaptureFixture[str]) -> None:
    asked = ["ask", "Where will Biden and Xi meet?", "--json", "--library", str(seed_folder)]
    assert main([*asked, "--after", "2023-11-01", "--before", "2023-11-30"]) == 0
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert hits
    assert all(hit["article"]["published"].startswith("2023-11") for hit in hits)
    assert main([*asked, "--source", "Nobody"]) == 0
    assert json.loads(capsys.readouterr().out)["hits"] == []


def test_versions_are_listed_asked_and_forgotten(articles: Path, library: Path, capsys: CaptureFixture[str]) -> None:
    here = ["--library", str(library)]
    for day, month in (("09", "June"), ("20", "July"), ("25", "July, and again in August")):
        text = SNOW.replace("2020-06-09", f"2020-06-{day}").replace("in June.", f"in {month}.")
        (articles / "snow.md").write_text(text)
        assert main(["add", str(articles), "--quiet", *here]) == 0
    capsys.readouterr()
    assert main(["list", "--json", *here]) == 0
    id = json.loads(capsys.readouterr().out)["id"]
    assert main(["versions", id, *here]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:24] for line in lines] == [
        "2020-06-25 to now       ",
        "2020-06-20 to 2020-06-25",
        "2020-06-09 to 2020-06-20",
    ]
    for day, said in (("2020-06-24", "in July.”"), ("2020-06-19", "in June.”"), ("2020-06-08", "Not in the articles.")):
        assert main(["ask", "When did it snow on Hollow Hill?", "--as-of", day, *here]) == 0
        shown = capsys.readouterr().out
        assert shown.startswith("As of ")
        assert said in shown
    assert "There is an answer outside what there was that day." in shown
    assert main(["versions", id, "--json", *here]) == 0
    newest, *older = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (newest["since"], newest["until"], len(older)) == ("2020-06-25", None, 2)
    assert main(["versions", id, "--drop-old", *here]) == 0
    assert capsys.readouterr().out == f"removed 2 older versions of {id}\n"
    assert main(["vacuum", *here]) == 0
    assert b"Hollow Hill in June" not in b"".join(file.read_bytes() for file in library.iterdir())
    assert main(["versions", "nothing", *here]) == 2
    assert "no article has the id nothing" in capsys.readouterr().err
    asked = run("chat", "--as-of", "2020-06-01", *here, input="When did it snow on Hollow Hill?\n")
    assert "As of 1 June 2020" in asked.stdout
    assert "Not in the articles." in asked.stdout


def test_the_same_text_from_several_outlets_is_quoted_once(
    library: Path, tmp_path: Path, capsys: CaptureFixture[str]
) -> None:
    body = " ".join(f"Number {i} of the herd of {i * 7} goats walked over the old bridge." for i in range(1, 12))
    rows = [
        {"title": f"Goats {i}", "text": f"Desk {i}. {body}", "source": f"Paper {i}", "published": f"2023-04-{10 + i}",
         "url": f"https://p{i}.example/"} for i in range(6)
    ]  # fmt: skip
    (tmp_path / "goats.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    here = ["--library", str(library)]
    assert main(["add", str(tmp_path / "goats.jsonl"), "--quiet", *here]) == 0
    capsys.readouterr()
    question = "Who walked over the old bridge as number 3 of the herd of 21 goats?"
    assert main(["ask", question, "--json", *here]) == 0
    answer = json.loads(capsys.readouterr().out)
    shown = answer["citations"] or answer["closest"]
    assert len({one["quote"] for one in shown}) == len(shown)
    for one in shown:
        assert len(one["also"]) == 5
        with Library.open(library) as opened:
            for place in (*one["also"], one):
                text = opened.article(place["article"]["id"]).text
                assert text[place["start"] : place["end"]] == one["quote"]
    assert main(["ask", question, "--source", "Paper 4", "--json", *here]) == 0
    answer = json.loads(capsys.readouterr().out)
    for one in answer["citations"] or answer["closest"]:
        assert (one["article"]["source"], one["also"]) == ("Paper 4", [])
    assert main(["ask", question, *here]) == 0
    assert "also in 5 others:" in capsys.readouterr().out
    assert main(["status", *here]) == 0
    assert "6 of the articles are near-copies of others, in 1 family" in capsys.readouterr().out


def test_a_conversation_in_the_terminal_has_history(seed_folder: Path) -> None:
    done = run("chat", "--library", seed_folder, input="Where did Biden and Xi meet in 2022?\n\n/new\nWhy?\n/quit\n")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "> Where did Biden and Xi meet in 2022?\n“" in done.stdout
    assert "> Why?\nNot in the articles." in done.stdout, "after /new nothing is left to lean on"
    again = run("chat", "--library", seed_folder, input="Where did Biden and Xi meet in 2022?\nAnd in 2023?\n")
    assert "> And in 2023?\nSearched as: Where did Biden and Xi meet in 2023?" in again.stdout


def test_the_last_question_can_be_asked_alone(seed_folder: Path) -> None:
    typed = "/alone\nWhere did Biden and Xi meet in 2022?\nAnd in 2023?\n/alone\nthanks\nwho did Jean-Pierre take over from\n"
    done = run("chat", "--library", seed_folder, input=typed)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("There is no question yet to ask alone.")
    _, _, as_resolved, as_typed, thanks, _ = done.stdout.split("\n> ")
    assert "Searched as:" in as_resolved
    assert as_typed.startswith("And in 2023?\nNot in the articles.")
    assert "Searched as" not in as_typed
    assert thanks.startswith("thanks\nYou are welcome.")


def test_the_library_tells_of_itself(seed_folder: Path, capsys: CaptureFixture[str]) -> None:
    assert main(["ask", "How many articles mention Taiwan?", "--library", str(seed_folder)]) == 0
    shown = capsys.readouterr().out
    with Library.open(seed_folder) as library:
        articles, passages = library.counts()
        total = sum("Taiwan" in f"{article.title} {article.text}" for article in library.articles())
    assert shown.startswith(f"{total} of {articles} articles mention “Taiwan”, in ")
    assert f"of {passages} passages; all were looked through." in shown
    assert main(["ask", "list the sources", "--json", "--library", str(seed_folder)]) == 0
    reply = json.loads(capsys.readouterr().out)["reply"]
    assert reply["sources"] == [{"name": "Footnote demo desk", "articles": articles}]


def test_conversations_are_listed_shown_renamed_exported_and_deleted(
    tmp_path: Path, small: Library, monkeypatch: MonkeyPatch, capsys: CaptureFixture[str]
) -> None:
    library = str(tmp_path / "library")
    passage = Passage(BAKERY, 0, 50)
    found = Answer("Who opened it?", meant("Who opened it?"), (Citation(1, passage, 0, 50, 0.9),), (), 0.9)
    id = new_id()
    keep(found, id, small)
    small.close()

    def conversations(*arguments: str) -> str:
        assert main(["conversations", *arguments, "--library", library]) == 0
        return capsys.readouterr().out

    monkeypatch.setattr("ui.cli._opened", lambda settings: Library.open(settings.library, LetterEncoder()))
    assert id in conversations("list")
    assert "1 question  Who opened it?" in conversations("list")
    assert json.loads(conversations("list", "--json"))["id"] == id
    assert "“Rosa Quint opened a bakery on Mill Lane on Monday.” [1]" in conversations("show", id)
    assert conversations("rename", id, "Bread") == f"{id} is now: Bread\n"
    assert conversations("export", id).startswith("# Bread\n")
    conversations("export", id, "--to", str(tmp_path / "talk.json"))
    assert json.loads((tmp_path / "talk.json").read_text("utf-8"))["name"] == "Bread"
    assert main(["conversations", "export", id, "--to", str(tmp_path / "talk.pdf"), "--library", library]) == 2
    assert "neither .md nor .json" in one_clear_message(capsys)
    assert conversations("delete", id) == f"deleted {id}\n"
    for action in (["show", id], ["delete", id], ["rename", id, "x"], ["export", id]):
        assert main(["conversations", *action, "--library", library]) == 2
        assert "there is no conversation" in one_clear_message(capsys)


def test_a_terminal_keeps_its_conversation_and_goes_on_with_it(seed_folder: Path) -> None:
    typed = "Where did Biden and Xi meet in 2022?\n/quit\n"
    shown = in_terminal("chat", "--library", seed_folder, typed=typed)
    assert "Bali" in shown
    listed = run("conversations", "list", "--library", seed_folder, input="").stdout
    (line,) = [line for line in listed.splitlines() if line.endswith("Where did Biden and Xi meet in 2022?")][:1]
    id = line.split()[2]
    again = run("chat", "--library", seed_folder, "--resume", id, input="And in 2023?\n")
    assert "Searched as: Where did Biden and Xi meet in 2023?" in again.stdout
    assert "2 questions" in run("conversations", "list", "--library", seed_folder, input="").stdout
    forgotten = in_terminal("chat", "--library", seed_folder, "--resume", id, typed="/forget\n/quit\n")
    assert "And in 2023?" in forgotten, "what was said is shown again"
    assert id not in run("conversations", "list", "--library", seed_folder, input="").stdout
    missing = run("chat", "--library", seed_folder, "--resume", "nothing", input="")
    assert missing.returncode == 2
    assert "there is no conversation 'nothing'" in missing.stderr


@mark.parametrize(
    ("question", "words"),
    [("", "blank"), (" \n ", "blank"), ("why? " * 2000, "characters; expected at most 1,000")],
)
def test_a_question_that_cannot_be_asked(
    seed_folder: Path, capsys: CaptureFixture[str], question: str, words: str
) -> None:
    assert main(["ask", question, "--library", str(seed_folder)]) == 2
    assert words in one_clear_message(capsys)


def test_a_question_before_anything_is_added(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    for command in (["ask", "Why?"], ["chat"], ["serve"], ["list"], ["remove", "x"]):
        assert main([*command, "--library", str(tmp_path / "nowhere")]) == 2
        assert f"footnote add PATH --library {tmp_path / 'nowhere'}" in one_clear_message(capsys)
    assert not (tmp_path / "nowhere").exists()


@mark.parametrize(
    ("name", "data", "words"),
    [
        (None, b"", "holds no article"),
        ("photo.png", b"\x89PNG", "kind that cannot be read"),
        ("missing.txt", None, "does not exist"),
        ("folder/photo.png", b"\x89PNG", "holds no article"),
    ],
)
def test_nothing_to_add(
    tmp_path: Path, library: Path, capsys: CaptureFixture[str], name: str, data: bytes, words: str
) -> None:
    path = tmp_path / (name or "empty")
    if data is not None:
        (path if name is None else path.parent).mkdir(exist_ok=True)
        if name:
            path.write_bytes(data)
    target = path.parent if name and "/" in name else path
    assert main(["add", str(target), "--library", str(library)]) == 2
    assert words in one_clear_message(capsys)
    assert not library.exists()


@mark.parametrize(
    "data",
    [b"\xff\xfe\x00", b"\x00\x01", b"", b"It snowed. " * 4_545_455],
    ids=["half UTF-16", "binary", "empty", "50 MB"],
)
def test_a_file_that_cannot_be_read_is_refused_and_the_rest_goes_in(
    articles: Path, library: Path, capsys: CaptureFixture[str], data: bytes
) -> None:
    (articles / "bad.txt").write_bytes(data)
    assert main(["add", str(articles / "bad.txt"), "--library", str(library), "--quiet"]) == 2
    assert capsys.readouterr().out.startswith("refused: ")
    assert not library.exists(), "nothing half written"
    assert main(["add", str(articles), "--library", str(library), "--quiet"]) == 2
    shown = capsys.readouterr().out
    assert shown.startswith(f"refused: {articles / 'bad.txt'}")
    assert shown.endswith("2 articles: 1 added, 1 refused.\n")


def test_a_folder_of_many_kinds_goes_in_and_the_summary_names_what_did_not(
    tmp_path: Path, library: Path, capsys: CaptureFixture[str]
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "a.html").write_text(page())
    (folder / "b.pdf").write_bytes(pdf([pdf_page(MAYOR.replace("“", "").replace("”", ""))]))
    (folder / "c.zip").write_bytes(zipped({"c.txt": SNOW, "photo.png": "x"}))
    (folder / "scan.pdf").write_bytes(pdf([[]]))
    for name in ("a.png", "b.PNG", "style.css", "LICENSE"):
        (folder / name).write_text("x")
    assert main(["add", str(folder), "--library", str(library), "--quiet"]) == 2
    shown = capsys.readouterr()
    refused, counts, left_out = shown.out.splitlines()
    assert refused.startswith(f"refused: {folder / 'scan.pdf'} has 1 page and no text")
    assert counts == "4 articles: 3 added, 1 refused."
    assert left_out.startswith("Left out 4 files of other kinds than .txt .md ")
    assert left_out.endswith(" .zip: 2 .png, 1 .css, 1 without suffix")
    assert "c.zip: left out files of other kinds: 1 .png" in shown.err
    assert main(["add", str(folder), "--library", str(library), "--quiet"]) == 2
    assert "4 articles: 3 unchanged, 1 refused." in capsys.readouterr().out


def test_a_library_of_another_model_or_version_or_a_file(
    seed_folder: Path, tmp_path: Path, capsys: CaptureFixture[str]
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    assert main(["ask", "Why?", "--library", str(seed_folder), "--model", str(folder)]) == 2
    assert "was made with the model all-MiniLM-L6-v2" in one_clear_message(capsys)
    (tmp_path / "file").write_text("x")
    assert main(["add", str(seeds.ARTICLES), "--library", str(tmp_path / "file"), "--quiet"]) == 2
    assert "is a file" in one_clear_message(capsys)


def test_a_model_that_does_not_load_leaves_no_library(
    articles: Path, library: Path, tmp_path: Path, capsys: CaptureFixture[str]
) -> None:
    (tmp_path / "model").mkdir()
    assert main(["add", str(articles), "--library", str(library), "--model", str(tmp_path / "model")]) == 2
    assert "does not load" in one_clear_message(capsys)
    assert not library.exists()


def test_hostile_names_and_texts_do_not_reach_the_terminal(
    tmp_path: Path, library: Path, capsys: CaptureFixture[str]
) -> None:
    evil = tmp_path / "a\x1b[31m.txt"
    evil.write_text("Snow\x1b]0;owned\x07 fell on the hill of Ode\u202e.")
    assert main(["add", str(evil), "--library", str(library), "--quiet"]) == 0
    assert main(["ask", "Where did snow fall?", "--library", str(library)]) == 0
    assert main(["list", "--library", str(library)]) == 0
    (tmp_path / "b\x1b[31m.txt").write_bytes(b"\0")
    assert main(["add", str(tmp_path / "b\x1b[31m.txt"), "--library", str(library), "--quiet"]) == 2
    shown = capsys.readouterr()
    assert not any(char in shown.out + shown.err for char in "\x1b\x07\u202e")


def test_a_date_that_is_none_is_refused() -> None:
    done = run("ask", "Why?", "--after", "last June")
    assert done.returncode == 2
    assert "'last June' is no date such as 2022-11-14" in done.stderr


def test_the_library_can_be_named_once_for_all(
    seed_folder: Path, monkeypatch: MonkeyPatch, capsys: CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOOTNOTE_LIBRARY", str(seed_folder))
    assert main(["list"]) == 0
    assert "bali-report" in capsys.readouterr().out


def test_a_reader_that_closes_early_is_no_error(seed_folder: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m ui.cli list --library {seed_folder} | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


@mark.skipif(sys.platform == "win32", reason="no SIGINT to send there")
def test_an_interrupted_addition_keeps_what_is_in_and_goes_on_later(tmp_path: Path, library: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(60):
        (folder / f"{i:03}.txt").write_text(
            f"Report {i}\n\n" + f"In the year {i} it rained for {i} days on the hill. " * 300
        )
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "add", str(folder), "--library", str(library)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background ignores it
    )
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline and process.poll() is None:
        if (library / "library.sqlite-wal").exists() and os.path.getsize(library / "library.sqlite-wal") > 100_000:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=100)
    assert process.returncode == 130, (out, err)
    assert "Traceback" not in err
    assert "goes on where this stopped" in out
    with Library.open(library) as opened:
        kept = {article.title for article in opened.articles()}
        assert 0 < len(kept) < 60
        assert opened.search("rain on the hill", k=1)
    assert f"{len(kept)} added" in out


@mark.skipif(sys.platform != "linux", reason="takes root's rights away with a call that only Linux has")
def test_a_library_that_cannot_be_written_refuses_with_one_message(
    articles: Path, seed_folder: Path, tmp_path: Path
) -> None:
    locked = tmp_path / "locked"
    copied(seed_folder, locked)
    before = {file.name: file.read_bytes() for file in locked.iterdir()}
    for file in locked.iterdir():
        file.chmod(0o444)
    locked.chmod(0o555)
    try:
        asked = run("ask", "What is strategic ambiguity?", "--library", locked, preexec_fn=without_override)
        added = run("add", articles, "--library", locked, "--quiet", preexec_fn=without_override)
        made = run("add", articles, "--library", locked / "new", "--quiet", preexec_fn=without_override)
        removed = run("remove", "bali-report", "--library", locked, preexec_fn=without_override)
    finally:
        locked.chmod(0o755)
    assert (asked.returncode, asked.stderr) == (0, ""), "reading needs no right to write"
    for done in (added, made, removed):
        assert done.returncode == 2
        assert done.stdout == ""
        assert "cannot be written" in done.stderr
        assert done.stderr.count("\n") == 1
    assert {file.name: file.read_bytes() for file in locked.iterdir()} == before


def test_judged_questions_are_evaluated_and_two_reports_compared(
    seed_folder: Path, tmp_path: Path, capsys: CaptureFixture[str]
) -> None:
    command = ["eval", str(seeds.QUESTIONS), "--library", str(seed_folder), "--limit", "12", "--quiet"]
    files = {name: tmp_path / name for name in ("a.json", "a.html", "a.trec", "b.json")}
    written = ["--json", str(files["a.json"]), "--report", str(files["a.html"]), "--run", str(files["a.trec"])]
    assert main([*command, *written]) == 0
    shown = capsys.readouterr().out
    assert "first quote right" in shown
    assert "12 questions: " in shown
    assert files["a.html"].read_text("utf-8").startswith("<!doctype html>")
    assert all(len(line.split()) == 6 for line in files["a.trec"].read_text("utf-8").splitlines())
    assert not list(seed_folder.glob("evaluations/*")), "a finished run leaves nothing behind"
    assert main([*command, "--seed", "1", "--json", str(files["b.json"])]) == 0
    capsys.readouterr()
    assert main(["compare", str(files["a.json"]), str(files["b.json"])]) in {0, 2}
    assert main(["compare", str(files["a.json"]), str(files["a.json"])]) == 0
    assert "first quote right" in capsys.readouterr().out


def test_a_set_that_brings_its_articles_makes_its_library(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    context = "The tide mill at Arnholt was built in 1721. It ground rye."
    qas = [
        {"id": "q1", "question": "When was the tide mill built?", "answers": [{"text": "1721", "answer_start": 38}]},
        {"id": "q2", "question": "Who painted the mill?", "answers": [], "is_impossible": True},
    ]
    data = {"version": "v2.0", "data": [{"title": "Arnholt", "paragraphs": [{"context": context, "qas": qas}]}]}
    (tmp_path / "set.json").write_text(json.dumps(data))
    command = ["eval", str(tmp_path / "set.json"), "--library", str(tmp_path / "library"), "--quiet"]
    assert main(command) == 0
    assert "2 questions" in capsys.readouterr().out
    assert main(command) == 0
    assert main(["eval", str(seeds.QUESTIONS), "--library", str(tmp_path / "none"), "--quiet"]) == 2
    assert "brings no articles" in capsys.readouterr().err


def test_a_template_is_written_once(seed_folder: Path, tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    command = ["eval", "--library", str(seed_folder), "--write-template", str(tmp_path / "mine.jsonl")]
    assert main(command) == 0
    assert "footnote eval" in capsys.readouterr().out
    rows = [json.loads(line) for line in (tmp_path / "mine.jsonl").read_text("utf-8").split("\n") if line]
    assert all(row["question"] == "" for row in rows)
    assert main(command) == 2
    assert "is there already" in one_clear_message(capsys)
    assert main(["eval", str(tmp_path / "mine.jsonl"), "--library", str(seed_folder)]) == 2
    assert "line 1, field 'question'" in one_clear_message(capsys)


@mark.parametrize(
    ("arguments", "words"),
    [
        (["eval"], "no questions"),
        (["eval", "nowhere.jsonl"], "cannot be read"),
        (["compare", "nowhere.json", "nowhere.json"], "is no report"),
    ],
)
def test_nothing_to_evaluate(seed_folder: Path, capsys: CaptureFixture[str], arguments: list[str], words: str) -> None:
    library = ["--library", str(seed_folder)] if arguments[0] == "eval" else []
    assert main([*arguments, *library]) == 2
    assert words in one_clear_message(capsys)


def test_files_that_have_not_changed_are_read_again_only_when_that_is_asked_for(
    articles: Path, library: Path, capsys: CaptureFixture[str], monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr("index.read_files.QUIET_SECONDS", -1.0)
    (articles / "wires.jsonl").write_text("\n".join(json.dumps({"text": f"Wire {n} came."}) for n in range(5)))
    command = ["add", str(articles), "--library", str(library), "--quiet"]
    assert main(command) == 0
    read = []
    reading = index.intake.read_articles
    monkeypatch.setattr(
        "index.intake.read_articles", lambda file, share: read.append(file.name) or reading(file, share)
    )
    assert main(command) == 0
    assert read == []
    assert main([*command, "--again"]) == 0
    assert read == ["snow.md", "wires.jsonl"]
    assert capsys.readouterr().out == "6 articles: 6 added.\n" + 2 * "6 articles: 6 unchanged.\n"
    with Library.open(library) as opened:
        id = next(opened.articles()).id
    assert main(["remove", id, "--library", str(library)]) == 0
    assert main(command) == 0
    assert capsys.readouterr().out.endswith("6 articles: 1 added, 5 unchanged.\n")


def test_adding_shows_how_far_it_has_come_to_a_terminal_alone(articles: Path, library: Path) -> None:
    shown = in_terminal("add", articles, "--library", library, typed="")
    assert re.search(r"indexing: 100%, 1 article, 0 kB of 0 kB, [\d.]+/s, 00:00 left", shown)
    assert run("add", articles, "--library", library).stderr == ""


ASKED = ["ask", "What was shot down over the Atlantic Ocean?"]


def test_a_model_writes_below_the_quotes_when_it_is_named(seed_folder: Path, capsys: CaptureFixture[str]) -> None:
    assert main([*ASKED, "--library", str(seed_folder)]) == 0
    quotes = capsys.readouterr().out
    with model_server(says("A Russian balloon was shot down over the Atlantic Ocean [1].")) as server:
        writer = ["--writer", server.address, "--writer-model", "small"]
        assert main([*ASKED, "--library", str(seed_folder), *writer]) == 0
        shown = capsys.readouterr().out
        assert main([*ASKED, "--library", str(seed_folder), *writer, "--json"]) == 0
        values = json.loads(capsys.readouterr().out)["written"]
        done = run("chat", "--library", seed_folder, *writer, input=f"{ASKED[1]}\nthanks\n")
    assert shown == (
        quotes + "\nWritten by small from the quotes above; check it:\n"
        "  | A _Russian_(?) balloon was shot down over the Atlantic Ocean. [1]\n"
        "  (?) not in the quotes named\n"
    )
    assert values == {
        "model": "small",
        "sentences": [
            {
                "text": "A Russian balloon was shot down over the Atlantic Ocean.",
                "quotes": [1],
                "doubtful": [[2, 9]],
            }
        ],
        "dropped": [],
        "declined": False,
        "failed": None,
    }
    assert "| A _Russian_(?) balloon" in done.stdout, done.stderr
    assert len(server.requests) == 3, "no model is asked about thanks"


def test_the_quotes_are_there_when_the_model_stalls(seed_folder: Path, capsys: CaptureFixture[str]) -> None:
    with model_server(stalls) as server:
        writer = ["--writer", server.address, "--writer-model", "small", "--writer-seconds", "0.2"]
        assert main([*ASKED, "--library", str(seed_folder), *writer]) == 0
        shown = capsys.readouterr().out
        assert main([*ASKED, "--library", str(seed_folder), *writer, "--json"]) == 0
        values = json.loads(capsys.readouterr().out)
    assert shown.startswith("“")
    assert f"small wrote nothing: {server.address} did not answer within 0.2 seconds" in shown
    assert values["citations"]
    assert "did not answer" in values["written"]["failed"]


def test_no_model_is_asked_unless_it_is_named(seed_folder: Path, capsys: CaptureFixture[str]) -> None:
    assert main([*ASKED, "--library", str(seed_folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] is None


def test_variables_name_a_model_and_its_key(
    seed_folder: Path, tmp_path: Path, monkeypatch: MonkeyPatch, capsys: CaptureFixture[str]
) -> None:
    key = tmp_path / "key"
    key.write_text("from-a-file\n")
    with model_server(says("NO ANSWER")) as server:
        monkeypatch.setenv("FOOTNOTE_WRITER", server.address)
        monkeypatch.setenv("FOOTNOTE_WRITER_MODEL", "small")
        monkeypatch.setenv("FOOTNOTE_WRITER_KEY", "from-a-variable")
        for options in ([], ["--writer-key-file", str(key)], ["--writer", ""]):
            assert main([*ASKED, "--library", str(seed_folder), *options]) == 0
    assert "small found no answer in the quotes above." in capsys.readouterr().out
    assert [request.headers["authorization"] for request in server.requests] == [
        "Bearer from-a-variable",
        "Bearer from-a-file",
    ]


@mark.parametrize(
    ("options", "words"),
    [
        (["--writer", "http://127.0.0.1:1/v1"], "without a model"),
        (["--writer", "http://elsewhere.example/v1", "--writer-model", "x"], "plain http"),
        (["--writer", "nonsense", "--writer-model", "x"], "is not one"),
        (
            ["--writer", "http://127.0.0.1:1", "--writer-model", "x", "--writer-key-file", "/nowhere/key"],
            "cannot be read",
        ),
    ],
)
def test_a_model_that_is_named_wrongly(
    seed_folder: Path, capsys: CaptureFixture[str], options: list[str], words: str
) -> None:
    assert main([*ASKED, "--library", str(seed_folder), *options]) == 2
    assert words in one_clear_message(capsys)


@mark.parametrize("data", [b"", b" \n", b"\xff\xfe", b"two words"])
def test_a_key_file_without_a_key(seed_folder: Path, tmp_path: Path, capsys: CaptureFixture[str], data: bytes) -> None:
    key = tmp_path / "key"
    key.write_bytes(data)
    options = ["--writer", "http://127.0.0.1:1", "--writer-model", "x", "--writer-key-file", str(key)]
    assert main([*ASKED, "--library", str(seed_folder), *options]) == 2
    assert "key" in one_clear_message(capsys)


def test_a_library_measures_itself_once_answers_were_checked(
    seed_folder: Path, library: Path, capsys: CaptureFixture[str]
) -> None:
    copied(seed_folder, library)
    assert main(["eval", "--own", "some.jsonl", "--library", str(library)]) == 2
    assert "both --own and a file" in capsys.readouterr().err
    with Library.open(library) as opened:
        id, found = new_id(), answer("What is strategic ambiguity?", opened)
        keep(found, id, opened)
        assert main(["eval", "--own", "--library", str(library)]) == 2
        assert "nobody has checked an answer" in capsys.readouterr().err
        first = found.citations[0]
        place = Place(first.passage.article.id, first.start, first.end)
        judge(opened, id, 0, quote=place, verdict=Verdict.CHECKED)
        assert main(["eval", "--own", "--library", str(library), "--quiet"]) == 0
        assert "1 question: 1 right." in capsys.readouterr().out
