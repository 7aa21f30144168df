"""A conversation in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from index import FootnoteError, Library
from index.errors import LibraryUnwritable
from qa import Answer, LanguageModel, Turn, answer, write
from qa.conversations import Conversation, ConversationError, delete, keep, new_id, reopen
from ui.terminal import answer_text, bold_here, conversation_text, safe, written_text
from ui.wording import searched

_WELCOME = (
    "Ask about {searched}.\n"
    "/alone asks the last question by its own words, /new begins anew, /forget deletes this conversation, "
    "/quit or Ctrl-D ends."
)


class _Talk:
    """Hold the conversation of a terminal: its turns, and its id where it is kept."""

    def __init__(self, library: Library, *, kept: bool, resumed: Conversation | None) -> None:
        self._library, self._kept = library, kept
        self.id = resumed.kept.id if resumed else new_id()
        self.history: list[Turn] = list(resumed.history) if resumed else []

    def add(self, found: Answer) -> None:
        self.history.append(found.turn)
        if self._kept:
            try:
                keep(found, self.id, self._library)
            except LibraryUnwritable as error:
                self._kept = False
                print(safe(f"This conversation is not kept: {error}"), file=sys.stderr)

    def begin_anew(self) -> None:
        self.id, self.history = new_id(), []

    def forget(self) -> None:
        with suppress(ConversationError):  # nothing was asked yet
            delete(self.id, self._library)
        self.begin_anew()


def chat(
    library: Library,
    *,
    after: date | None = None,
    before: date | None = None,
    sources: Sequence[str] = (),
    as_of: date | None = None,
    resume: str = "",
    writer: LanguageModel | None = None,
) -> int:
    """Ask and answer until the input ends; give the exit status.

    The prompt appears only where a person types, whose conversation is kept in the library;
    without one, questions are read line by line and not kept, but where one is resumed. What a `writer` writes stands
    below the quotes and is never kept.
    Raises: ConversationError, when there is none to resume with this id.
    """
    with suppress(ImportError):  # line editing, where the platform has it
        import readline  # noqa: F401

    person = sys.stdin.isatty()
    resumed = reopen(resume, library) if resume else None
    if person:
        print(_WELCOME.format(searched=searched(library)))
        if resumed:
            print(f"\n{conversation_text(resumed, library)}")
    talk = _Talk(library, kept=person or bool(resumed), resumed=resumed)
    while True:
        try:
            typed = input("\n> " if person else "").strip()
        except EOFError:
            return 0
        if typed in {"/quit", "/exit"}:
            return 0
        if typed in {"/new", "/forget"}:
            talk.begin_anew() if typed == "/new" else talk.forget()
            continue
        if not typed:
            continue
        alone = typed == "/alone"
        if alone and not talk.history:
            print("There is no question yet to ask alone.")
            continue
        question = talk.history[-1].question if alone else typed
        try:
            found = answer(
                question,
                library,
                history=talk.history,
                after=after,
                before=before,
                sources=sources,
                as_of=as_of,
                alone=alone,
            )
        except FootnoteError as error:
            print(safe(str(error)))
            continue
        talk.add(found)
        if not person:
            print(safe(f"> {question}"))
        print(answer_text(found, library, bold=bold_here()), flush=True)
        if writer and found.found:
            print("\n" + written_text(write(found, writer), underline=bold_here()), flush=True)
        if not person:
            print(flush=True)
