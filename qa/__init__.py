"""A question in, a cited answer out."""

from index import FootnoteError, Library
from qa.answering import answer
from qa.evaluation import Report, evaluate
from qa.records import Answer, Citation, Turn
from qa.retriever import retrieve

__all__ = ["Answer", "Citation", "FootnoteError", "Library", "Report", "Turn", "answer", "evaluate", "retrieve"]
