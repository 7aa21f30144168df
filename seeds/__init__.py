"""The demo articles and the questions judged on them; data, and where it is."""

from pathlib import Path

ARTICLES = Path(__file__).parent / "articles"
QUESTIONS = Path(__file__).parent / "questions.jsonl"

__all__ = ["ARTICLES", "QUESTIONS"]
