"""The chat page: questions and quotes on the left, the cited article on the right.

The only file that knows Gradio; it takes seconds to import and is imported by ui/server.py when serving.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from index import FootnoteError, Library
from index.errors import LibraryUnwritable
from qa import Answer, Turn, answer
from qa.conversations import ConversationError, delete, keep, new_id, rename, reopen
from ui.answer_markdown import answer_markdown, escaped, place, turn_alone
from ui.article_html import EMPTY, article_html
from ui.authority import owner_of
from ui.wording import ALONE, lost_note, searched

Message = dict[str, str]

CSS = Path(__file__).with_name("page.css").read_text("utf-8")

PANEL_JS = Path(__file__).with_name("panel.js").read_text("utf-8")


_LISTED = 200
_HEAD = '<div class="fn-head"><h1>Footnote</h1><p class="fn-searched">Answers in the words of {searched}.</p></div>'
_THEME = gr.themes.Default(
    font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
    font_mono=["ui-monospace", "Consolas", "monospace"],
)


def mount(app: FastAPI, library: Library) -> None:
    """Put the page for a library at the root of a web application."""
    gr.mount_gradio_app(
        app,
        page(library),
        path="/",
        css=CSS,
        theme=_THEME,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
    )


@dataclass(frozen=True, slots=True)
class _Talk:
    """Hold the conversation of a visitor: its id where it is kept, and its turns."""

    id: str
    history: tuple[Turn, ...] = ()


def page(library: Library) -> gr.Blocks:
    """Make the page for a library; its only state is the conversation of each visitor, which the library keeps."""

    def ask(
        question: str, messages: list[Message], talk: _Talk | None, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        yield from _answered(question, messages, talk or _Talk(new_id()), owner_of(request))

    def ask_alone(
        event: gr.EventData, messages: list[Message], talk: _Talk | None, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        turn = turn_alone(str(getattr(event, "link", "")))
        if talk is None or turn is None or turn >= len(talk.history):
            yield (gr.skip(),) * 7
            return
        yield from _answered(talk.history[turn].question, messages, talk, owner_of(request), alone=True)

    def _answered(
        question: str, messages: list[Message], talk: _Talk, owner: str, *, alone: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        if not question.strip():
            yield (gr.skip(),) * 7
            return
        asked = [*messages, {"role": "user", "content": escaped(question)}]
        box = gr.skip() if alone else ""
        yield box, [*asked, {"role": "assistant", "content": "Searching…"}], *(gr.skip(),) * 5
        try:
            found = answer(question, library, history=talk.history, alone=alone)
        except FootnoteError as error:
            shown = [*asked, {"role": "assistant", "content": escaped(str(error))}]
            yield gr.skip(), shown, *(gr.skip(),) * 5
            return
        reply = answer_markdown(found, library, len(talk.history))
        if alone:
            reply = f"*{ALONE}*\n\n{reply}"
        try:
            keep(found, talk.id, library, owner)
        except LibraryUnwritable as error:
            reply += f"\n\n<small>{escaped(f'This conversation is not kept: {error}')}</small>"
        talk = _Talk(talk.id, (*talk.history, found.turn))
        shown = [*asked, {"role": "assistant", "content": reply}]
        panel = gr.skip() if found.reply else _panel(found)
        yield gr.skip(), shown, talk, panel, *_kept(talk.id, owner)

    def open_article(event: gr.EventData) -> Any:
        cited = place(str(getattr(event, "link", "")))
        if cited is None:
            return gr.skip()
        article = library.article(cited.article, cited.version)
        if article is None:
            return '<p class="fn-empty">This article is no longer in the library.</p>'
        return article_html(article, cited.start, cited.end)

    def _kept(current: str | None, owner: str) -> tuple[Any, str, str]:
        """Draw the list of conversations, with the name of the current one and the links to save it."""
        kept = library.conversations.all(owner)[:_LISTED]
        choices = [(f"{one.name} · {one.changed.astimezone():%Y-%m-%d %H:%M}", one.id) for one in kept]
        name = next((one.name for one in kept if one.id == current), None)
        listed = gr.Radio(choices=choices, value=current if name is not None else None)
        return listed, name or "", _exports(str(current)) if name is not None else ""

    def open_conversation(id: str | None, request: gr.Request) -> tuple[Any, ...]:
        if not id:
            return (gr.skip(),) * 5
        try:
            conversation = reopen(id, library, owner_of(request))
        except FootnoteError as error:
            return [{"role": "assistant", "content": escaped(str(error))}], None, EMPTY, "", ""
        messages: list[Message] = []
        for number, told in enumerate(conversation.told):
            content = answer_markdown(told.answer, library, number)
            if told.lost:
                content += f"\n\n<small>{escaped(lost_note(told.lost))}</small>"
            messages.append({"role": "user", "content": escaped(told.answer.question)})
            messages.append({"role": "assistant", "content": content})
        panel = next((_panel(told.answer) for told in reversed(conversation.told) if told.answer.found), EMPTY)
        return messages, _Talk(id, conversation.history), panel, conversation.kept.name, _exports(id)

    def rename_conversation(id: str | None, name: str, request: gr.Request) -> tuple[Any, str, str]:
        if id and name.strip():
            with suppress(ConversationError):  # deleted in another window: the list shows it
                rename(id, name, library, owner_of(request))
        return _kept(id, owner_of(request))

    def delete_conversation(id: str | None, request: gr.Request) -> tuple[Any, ...]:
        if id:
            with suppress(ConversationError):  # deleted in another window already
                delete(id, library, owner_of(request))
        return [], None, EMPTY, *_kept(None, owner_of(request))

    def cleared(request: gr.Request) -> tuple[Any, ...]:
        return None, EMPTY, *_kept(None, owner_of(request))

    def listed_conversations(request: gr.Request) -> tuple[Any, str, str]:
        return _kept(None, owner_of(request))

    with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True) as blocks:
        talk = gr.State(None)
        with gr.Sidebar(open=False, elem_id="fn-kept"):
            gr.HTML('<h2 class="fn-kept-head">Conversations</h2>')
            listed = gr.Radio([], show_label=False, container=False, label="Conversations", elem_id="fn-conversations")
            exports = gr.HTML("", elem_id="fn-exports")
            name = gr.Textbox(label="Name", max_lines=1, max_length=200, elem_id="fn-name")
            with gr.Row():
                renaming = gr.Button("Rename", size="sm")
                deleting = gr.Button("Delete", size="sm", variant="stop")
        with gr.Row():
            with gr.Column(scale=1, min_width=340):
                gr.HTML(_HEAD.format(searched=searched(library)))
                chat = gr.Chatbot(
                    elem_id="fn-chat",
                    show_label=False,
                    buttons=[],
                    latex_delimiters=[],
                    layout="bubble",
                    placeholder="Ask a question. Every answer is quoted from an article, with the place it stands in.",
                    feedback_options=None,
                )
                box = gr.Textbox(
                    elem_id="fn-question",
                    label="Question",
                    show_label=False,
                    container=False,
                    placeholder="Ask the articles",
                    submit_btn=True,
                    max_length=None,
                    autofocus=True,
                )
            with gr.Column(scale=1, min_width=340):
                panel = gr.HTML(EMPTY, elem_id="fn-panel", js_on_load=PANEL_JS)
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        kept = [listed, name, exports]
        shown = [box, chat, talk, panel, *kept]
        gr.on([box.submit], ask, [box, chat, talk], shown, **quiet)
        panel.submit(ask_alone, [chat, talk], shown, **quiet)
        chat.clear(cleared, None, [talk, panel, *kept], **quiet)
        panel.click(open_article, None, panel, **quiet)
        blocks.load(listed_conversations, None, kept, **quiet)
        listed.select(open_conversation, listed, [chat, talk, panel, name, exports], **quiet)
        renaming.click(rename_conversation, [listed, name], kept, **quiet)
        deleting.click(
            delete_conversation,
            listed,
            [chat, talk, panel, *kept],
            js="(id) => id && confirm('Delete this conversation?') ? id : null",
            **quiet,
        )
    blocks.queue(default_concurrency_limit=8)
    return blocks  # type: ignore[no-any-return]


def _panel(found: Answer) -> str:
    if not found.found:
        return EMPTY
    first = found.citations[0]
    return article_html(first.passage.article, first.start, first.end)


def _exports(id: str) -> str:
    links = [
        f'<a href="conversations/{html.escape(id)}.{kind}" download>{name}</a>'
        for kind, name in (("md", "Markdown"), ("json", "JSON"))
    ]
    return f"Save as {' or '.join(links)}"
