"""The demo articles, and the questions and conversations judged on them; data, and where it is."""

from pathlib import Path

ARTICLES = Path(__file__).parent / "articles"
QUESTIONS = Path(__file__).parent / "questions.jsonl"
CONVERSATIONS = Path(__file__).parent / "conversations.jsonl"

__all__ = ["ARTICLES", "CONVERSATIONS", "QUESTIONS"]
