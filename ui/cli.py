"""The command line: `footnote COMMAND …`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import FootnoteError
from index.web.addresses import MOST_ENTRIES
from ui.upkeep import FAILED, add_upkeep
from ui.writer import chosen_writer, writer_options

if TYPE_CHECKING:
    from ui.page_links import Links
    from ui.server import Reach


class UsageError(FootnoteError):
    """A command was given too little to go on."""


STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give its exit status: 0, 2 after an error or a refused file, 130 when stopped."""
    settings = _parser().parse_args(arguments)
    _show_notices()
    try:
        status: int = settings.run(settings)
        sys.stdout.flush()
        return status
    except FootnoteError as error:
        from ui.terminal import safe

        print(safe(f"footnote: {error}"), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STOPPED


class _Notices(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        from ui.progress import note
        from ui.terminal import safe

        note(safe(record.getMessage()))


def _show_notices() -> None:
    """Show what takes long and happens once, such as the preparation of a model."""
    logger = logging.getLogger("footnote")
    if not logger.handlers:
        logger.addHandler(_Notices())
        logger.setLevel(logging.INFO)


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--library",
        type=Path,
        metavar="DIR",
        default=Path(os.environ.get("FOOTNOTE_LIBRARY", "footnote-library")),
        help="the library's folder (default: $FOOTNOTE_LIBRARY, or footnote-library)",
    )
    model = argparse.ArgumentParser(add_help=False)
    model.add_argument(
        "--model",
        metavar="NAME",
        help="a sentence-transformers model, by name or folder (default: all-MiniLM-L6-v2, installed with Footnote)",
    )
    filters = argparse.ArgumentParser(add_help=False)
    filters.add_argument("--after", type=_day, metavar="DATE", help="only articles published on this day or later")
    filters.add_argument("--before", type=_day, metavar="DATE", help="only articles published on this day or earlier")
    filters.add_argument("--as-of", type=_day, metavar="DATE", help="in the versions that were current on this day")
    filters.add_argument("--source", action="append", default=[], metavar="NAME", help="only this source (repeatable)")

    parser = argparse.ArgumentParser(
        prog="footnote", description="Answer questions about articles with the articles' own sentences."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    add = commands.add_parser(
        "add",
        parents=[shared, model],
        help="add articles: files of many kinds, folders, zip archives, web pages, feeds",
    )
    add.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or an address to fetch (https://…)")
    add.add_argument(
        "--most", type=_positive, default=MOST_ENTRIES, metavar="N", help=f"entries of a feed (default {MOST_ENTRIES})"
    )
    add.add_argument("--quiet", action="store_true", help="no progress bar")
    add.add_argument("--again", action="store_true", help="read files too that have not changed since they were read")
    add.set_defaults(run=_add)

    watched = commands.add_parser("watch", parents=[shared, model], help="keep the library in step with folders")
    watched.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    watched.add_argument("--once", action="store_true", help="bring it in step and end, as for cron")
    watched.add_argument("--allow-empty", action="store_true", help="believe it when a folder has lost all its files")
    watched.set_defaults(run=_watch)

    writer = writer_options()
    ask = commands.add_parser("ask", parents=[shared, model, filters, writer], help="answer one question")
    ask.add_argument("question")
    ask.add_argument("--json", action="store_true", help="everything that was found, as JSON")
    ask.set_defaults(run=_ask)

    chat = commands.add_parser(
        "chat", parents=[shared, model, filters, writer], help="ask in the terminal, one question after another"
    )
    chat.add_argument("--resume", metavar="ID", default="", help="go on with a conversation that was kept")
    chat.set_defaults(run=_chat)

    talks = commands.add_parser("conversations", help="list, show, rename, delete or export conversations")
    kept = talks.add_subparsers(required=True, metavar="ACTION")
    listed = kept.add_parser("list", parents=[shared], help="the latest first")
    listed.add_argument("--json", action="store_true", help="one JSON object a line")
    listed.set_defaults(run=_conversations_list)
    shown = kept.add_parser("show", parents=[shared], help="write one out")
    shown.set_defaults(run=_conversations_show)
    renamed = kept.add_parser("rename", parents=[shared], help="give one another name")
    deleted = kept.add_parser("delete", parents=[shared], help="delete one")
    deleted.set_defaults(run=_conversations_delete)
    exported = kept.add_parser("export", parents=[shared], help="as Markdown with footnotes, or as JSON")
    for action in (shown, renamed, deleted, exported):
        action.add_argument("id", metavar="ID")
    renamed.add_argument("name", metavar="NAME")
    renamed.set_defaults(run=_conversations_rename)
    exported.add_argument("--to", type=Path, metavar="FILE", help=".md or .json (default: Markdown on the screen)")
    exported.set_defaults(run=_conversations_export)

    serve = commands.add_parser(
        "serve", parents=[shared, model, _reach_options(), writer], help="open the chat page, and the JSON API"
    )
    serve.add_argument("--private", action="store_true", help="reading and asking need the owner's token, too")
    serve.add_argument(
        "--fetch", action="store_true", help="let the owner add web pages and feeds by their links, on the page"
    )
    serve.add_argument("--open", action="store_true", help="open the page in the browser")
    serve.set_defaults(run=_serve)

    mcp = commands.add_parser(
        "mcp", parents=[shared, model, _reach_options()], help="serve the Model Context Protocol, over stdio or HTTP"
    )
    mcp.add_argument("--http", action="store_true", help="over HTTP, at /mcp (default: stdio)")
    mcp.set_defaults(run=_mcp)

    show = commands.add_parser("list", parents=[shared], help="list the articles")
    show.add_argument("--json", action="store_true", help="one JSON object a line")
    show.set_defaults(run=_list)

    versions = commands.add_parser("versions", parents=[shared], help="list the versions of an article")
    versions.add_argument("id", metavar="ID")
    versions.add_argument("--drop-old", action="store_true", help="remove all but the newest")
    versions.add_argument("--json", action="store_true", help="one JSON object a line")
    versions.set_defaults(run=_versions)

    remove = commands.add_parser("remove", parents=[shared], help="remove articles by id, with all their versions")
    remove.add_argument("ids", nargs="+", metavar="ID")
    remove.set_defaults(run=_remove)

    judge = commands.add_parser("eval", parents=[shared, model], help="measure answers on judged questions")
    judge.add_argument(
        "questions", nargs="?", type=Path, metavar="QUESTIONS", help="JSON lines, SQuAD JSON, or a BEIR folder"
    )
    judge.add_argument("--own", action="store_true", help="the questions whose answers were checked on the page")
    judge.add_argument("--json", type=Path, metavar="FILE", help="write the report, for footnote compare")
    judge.add_argument("--report", type=Path, metavar="FILE", help="write the report as a page (.html)")
    judge.add_argument("--run", type=Path, metavar="FILE", dest="trec", help="write the rankings as a TREC run")
    judge.add_argument("--limit", type=_positive, metavar="N", help="draw N of the questions")
    judge.add_argument("--seed", type=int, default=0, help="for the draw and the intervals (default 0)")
    judge.add_argument("--split", default="test", help="of a BEIR folder (default test)")
    judge.add_argument("--quiet", action="store_true", help="no progress bar")
    judge.add_argument(
        "--write-template", type=Path, metavar="FILE", help="propose sentences of the library to ask about"
    )
    judge.set_defaults(run=_eval)

    add_upkeep(commands, shared, model)

    compare = commands.add_parser("compare", help="compare two reports, question by question")
    compare.add_argument("first", type=Path, metavar="A.json")
    compare.add_argument("second", type=Path, metavar="B.json")
    compare.set_defaults(run=_compare)
    return parser


def _reach_options() -> argparse.ArgumentParser:
    """Give the options of commands that serve by HTTP."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--port", type=int, help="default: the first free one from 7860 on")
    options.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address to listen on; all but this machine's own make the owner's token needed",
    )
    options.add_argument(
        "--host-name", action="append", default=[], metavar="NAME", help="a name this is called by (repeatable)"
    )
    options.add_argument(
        "--root-path", default="", metavar="PATH", help="the path under which a proxy serves this, such as /footnote"
    )
    options.add_argument(
        "--proxy",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="believe the X-Forwarded-... headers of this proxy or network (repeatable)",
    )
    options.add_argument(
        "--token-file",
        type=Path,
        metavar="FILE",
        help="the owner's token (default: $FOOTNOTE_TOKEN, or owner-token in the library, made when needed)",
    )
    return options


def _add(settings: argparse.Namespace) -> int:
    from ui.adding import add_paths
    from ui.terminal import safe

    summary = add_paths(
        settings.paths,
        settings.library,
        settings.model,
        progress=not settings.quiet,
        again=settings.again,
        most=settings.most,
    )
    print(safe(summary.text()))
    if summary.interrupted:
        return STOPPED
    return FAILED if summary.refused else 0


def _watch(settings: argparse.Namespace) -> int:
    from ui.watching import watch

    return watch(
        settings.folders, settings.library, settings.model, once=settings.once, may_be_empty=settings.allow_empty
    )


def _ask(settings: argparse.Namespace) -> int:
    from qa import answer, write
    from qa.retriever import checked
    from ui.records import answer_values
    from ui.terminal import answer_text, bold_here, written_text

    checked(settings.question)
    writer = chosen_writer(settings)
    with _opened(settings) as library:
        found = answer(settings.question, library, **_filters(settings))
        if settings.json:
            written = write(found, writer) if writer and found.found else None
            print(json.dumps(answer_values(found, written), ensure_ascii=False, indent=2))
            return 0
        print(answer_text(found, library, bold=bold_here()), flush=True)
        if writer and found.found:
            print("\n" + written_text(write(found, writer), underline=bold_here()))
    return 0


def _chat(settings: argparse.Namespace) -> int:
    from ui.chat import chat

    writer = chosen_writer(settings)
    with _opened(settings) as library:
        return chat(library, **_filters(settings), resume=settings.resume, writer=writer)


def _filters(settings: argparse.Namespace) -> dict[str, Any]:
    return {
        "after": settings.after,
        "before": settings.before,
        "sources": settings.source,
        "as_of": settings.as_of,
    }


def _conversations_list(settings: argparse.Namespace) -> int:
    from ui.records import kept_values
    from ui.terminal import kept_line

    with _opened(settings) as library:
        for kept in library.conversations.all():
            print(json.dumps(kept_values(kept), ensure_ascii=False) if settings.json else kept_line(kept))
    return 0


def _conversations_show(settings: argparse.Namespace) -> int:
    from qa.conversations import reopen
    from ui.terminal import conversation_text

    with _opened(settings) as library:
        print(conversation_text(reopen(settings.id, library), library))
    return 0


def _conversations_rename(settings: argparse.Namespace) -> int:
    from qa.conversations import rename
    from ui.terminal import safe

    with _opened(settings) as library:
        print(safe(f"{settings.id} is now: {rename(settings.id, settings.name, library)}"))
    return 0


def _conversations_delete(settings: argparse.Namespace) -> int:
    from qa.conversations import delete
    from ui.terminal import safe

    with _opened(settings) as library:
        delete(settings.id, library)
    print(safe(f"deleted {settings.id}"))
    return 0


def _conversations_export(settings: argparse.Namespace) -> int:
    from qa.conversations import reopen
    from ui.conversation_export import conversation_json, conversation_markdown
    from ui.terminal import safe
    from ui.writing import write_text

    kind = settings.to.suffix.lower() if settings.to else ".md"
    if kind not in {".md", ".json"}:
        raise UsageError(f"{settings.to} is neither .md nor .json", "a name that ends in one of them", "Change it")
    with _opened(settings) as library:
        conversation = reopen(settings.id, library)
        text = conversation_json(conversation) if kind == ".json" else conversation_markdown(conversation)
    if settings.to:
        write_text(settings.to, text)
    else:
        print(safe(text), end="")
    return 0


def _serve(settings: argparse.Namespace) -> int:
    from ui.server import serve

    writer = chosen_writer(settings)
    with _opened(settings) as library:
        return serve(
            library,
            _reach(settings),
            private=settings.private,
            open_browser=settings.open,
            writer=writer,
            links=_links(settings),
        )


def _links(settings: argparse.Namespace) -> Links | None:
    if not settings.fetch:
        return None
    from ui.page_links import Links

    return Links()


def _mcp(settings: argparse.Namespace) -> int:
    from ui.mcp_server import serve_http, serve_stdio

    with _opened(settings) as library:
        return serve_http(library, _reach(settings)) if settings.http else serve_stdio(library)


def _reach(settings: argparse.Namespace) -> Reach:
    from ui.server import Reach

    return Reach(
        settings.host, settings.port, settings.host_name, settings.root_path, settings.proxy, settings.token_file
    )


def _list(settings: argparse.Namespace) -> int:
    from ui.records import article_values
    from ui.terminal import article_line

    with _opened(settings) as library:
        for article in library.articles():
            print(json.dumps(article_values(article), ensure_ascii=False) if settings.json else article_line(article))
    return 0


def _versions(settings: argparse.Namespace) -> int:
    from ui.records import version_values
    from ui.terminal import safe, version_line
    from ui.wording import counted

    with _opened(settings) as library:
        versions = library.versions(settings.id)
        if not versions:
            raise UsageError(
                f"no article has the id {settings.id}", "the id of one in the library", "footnote list shows them"
            )
        if settings.drop_old:
            dropped = library.drop_old(settings.id)
            print(safe(f"removed {counted(dropped, 'older version')} of {settings.id}"))
            return 0
        for version in versions:
            shown = json.dumps(version_values(version), ensure_ascii=False) if settings.json else version_line(version)
            print(shown)
    return 0


def _remove(settings: argparse.Namespace) -> int:
    from ui.terminal import safe

    status = 0
    with _opened(settings) as library:
        for id in settings.ids:
            article = library.remove(id)
            if article is None:
                print(safe(f"footnote: no article has the id {id}; footnote list shows them."), file=sys.stderr)
                status = FAILED
            else:
                print(safe(f"removed {id}: {article.title}"))
    return status


def _eval(settings: argparse.Namespace) -> int:
    from ui.evaluating import evaluate_set, write_template
    from ui.terminal import report_text
    from ui.writing import write_text

    if settings.write_template:
        with _opened(settings) as library:
            print(write_template(library, settings.write_template))
        return 0
    if (settings.questions is None) is not settings.own:
        raise UsageError(
            "both --own and a file" if settings.own else "no questions",
            "a file or folder of judged questions, or --own",
            "Name one of them, or use --write-template FILE",
        )
    report = evaluate_set(
        settings.questions,
        settings.library,
        settings.model,
        split=settings.split,
        limit=settings.limit,
        seed=settings.seed,
        progress=not settings.quiet,
    )
    print(report_text(report))
    if settings.json:
        write_text(settings.json, report.json())
    if settings.trec:
        write_text(settings.trec, "".join(f"{line}\n" for line in report.run()))
    if settings.report:
        from ui.report_html import report_html

        write_text(
            settings.report,
            report_html(
                report, settings.questions.name if settings.questions else f"{settings.library}, own questions"
            ),
        )
    return 0


def _compare(settings: argparse.Namespace) -> int:
    from qa.comparison import compare
    from qa.evaluation import read_report
    from ui.comparison_text import comparison_text

    print(comparison_text(compare(read_report(settings.first), read_report(settings.second))))
    return 0


def _opened(settings: argparse.Namespace):  # type: ignore[no-untyped-def]
    from index import Library
    from index.encoder import SentenceEncoder

    model = getattr(settings, "model", None)
    return Library.open(settings.library, SentenceEncoder(model) if model else None)


def _positive(value: str) -> int:
    if not value.isdigit() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is no whole number above 0")
    return int(value)


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is no date such as 2022-11-14") from None


if __name__ == "__main__":
    sys.exit(main())
