"""The chat page: questions and quotes on the left, the cited article on the right.

The only file that knows Gradio; it takes seconds to import and is imported by ui/server.py when serving.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from index import FootnoteError, Library
from qa import Turn, answer
from ui.answer_markdown import answer_markdown, escaped, place
from ui.article_html import EMPTY, article_html
from ui.wording import searched

Message = dict[str, str]

CSS = Path(__file__).with_name("page.css").read_text("utf-8")

PANEL_JS = Path(__file__).with_name("panel.js").read_text("utf-8")


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


def page(library: Library) -> gr.Blocks:
    """Make the page for a library; its only state is the conversation of each visitor."""

    def ask(question: str, messages: list[Message], history: list[Turn]) -> Iterator[tuple[Any, ...]]:
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        asked = [*messages, {"role": "user", "content": escaped(question)}]
        yield "", [*asked, {"role": "assistant", "content": "Searching…"}], gr.skip(), gr.skip()
        try:
            found = answer(question, library, history=history)
        except FootnoteError as error:
            yield gr.skip(), [*asked, {"role": "assistant", "content": escaped(str(error))}], gr.skip(), gr.skip()
            return
        reply = {"role": "assistant", "content": answer_markdown(found, library)}
        panel = EMPTY
        if found.found:
            first = found.citations[0]
            panel = article_html(first.passage.article, first.start, first.end)
        yield gr.skip(), [*asked, reply], [*history, found.turn], panel

    def open_article(event: gr.EventData) -> Any:
        cited = place(str(getattr(event, "link", "")))
        if cited is None:
            return gr.skip()
        article = library.article(cited.article)
        if article is None:
            return '<p class="fn-empty">This article is no longer in the library.</p>'
        return article_html(article, cited.start, cited.end)

    with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True) as blocks:
        history = gr.State([])
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
        gr.on(
            [box.submit],
            ask,
            [box, chat, history],
            [box, chat, history, panel],
            show_progress="hidden",
            api_visibility="private",
        )
        chat.clear(lambda: ([], EMPTY), None, [history, panel], show_progress="hidden", api_visibility="private")
        panel.click(open_article, None, panel, show_progress="hidden", api_visibility="private")
    blocks.queue(default_concurrency_limit=8)
    return blocks  # type: ignore[no-any-return]
