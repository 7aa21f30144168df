"""A question in, a cited answer out."""

from index import FootnoteError, Library
from qa.answering import answer
from qa.evaluation import Report, evaluate
from qa.language_model import LanguageModel
from qa.records import Answer, Citation, Turn
from qa.retriever import retrieve
from qa.writing import Written, write

__all__ = [
    "Answer",
    "Citation",
    "FootnoteError",
    "LanguageModel",
    "Library",
    "Report",
    "Turn",
    "Written",
    "answer",
    "evaluate",
    "retrieve",
    "write",
]
