"""A conversation in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from index import FootnoteError, Library
from qa import Turn, answer
from ui.terminal import answer_text, bold_here, safe
from ui.wording import searched

_WELCOME = "Ask about {searched}. /new begins anew, /quit or Ctrl-D ends."


def chat(
    library: Library, *, after: date | None = None, before: date | None = None, sources: Sequence[str] = ()
) -> int:
    """Ask and answer until the input ends; give the exit status.

    The prompt appears only where a person types; without one, questions are read line by line.
    """
    with suppress(ImportError):  # line editing, where the platform has it
        import readline  # noqa: F401

    person = sys.stdin.isatty()
    if person:
        print(_WELCOME.format(searched=searched(library)))
    history: list[Turn] = []
    while True:
        try:
            question = input("\n> " if person else "").strip()
        except EOFError:
            return 0
        if question in {"/quit", "/exit"}:
            return 0
        if question == "/new":
            history.clear()
            continue
        if not question:
            continue
        try:
            found = answer(question, library, history=history, after=after, before=before, sources=sources)
        except FootnoteError as error:
            print(safe(str(error)))
            continue
        history.append(found.turn)
        if not person:
            print(safe(f"> {question}"))
        print(answer_text(found, library, bold=bold_here()) + ("" if person else "\n"), flush=True)
