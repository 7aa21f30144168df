"""Articles in, ranked passages out."""

from index.engine import Engine
from index.errors import FootnoteError
from index.library import Library, Outcome
from index.records import Article, Hit, Passage, Place, Query

__all__ = ["Article", "Engine", "FootnoteError", "Hit", "Library", "Outcome", "Passage", "Place", "Query"]
