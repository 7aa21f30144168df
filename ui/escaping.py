"""Text of articles, files and visitors as HTML that shows it and does nothing else."""

from __future__ import annotations

import html
import re

UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that are not seen, white space apart, or that turn the direction of the text after them."""


def escaped(text: str) -> str:
    """Escape a text for HTML, its attributes, and templates that would read braces or dollars in it."""
    plain = UNSEEN.sub("\ufffd", text)
    return html.escape(plain).replace("$", "&#36;").replace("{", "&#123;").replace("}", "&#125;").replace("`", "&#96;")
