"""Records as plain values, the same for every face that gives JSON."""

from __future__ import annotations

from typing import Any

from index import Article, Hit
from qa import Answer, Citation
from qa.calibration import measured


def article_values(article: Article) -> dict[str, Any]:
    """Give what readers may know of an article; not its text, nor where it was read on this machine."""
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published": article.published.isoformat() if article.published else None,
    }


def citation_values(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "quote": citation.quote,
        "article": article_values(citation.passage.article),
        "start": citation.start,
        "end": citation.end,
        "score": round(citation.score, 4),
        "answer": list(citation.answer) if citation.answer else None,
    }


def hit_values(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "text": passage.text,
        "article": article_values(passage.article),
        "start": passage.start,
        "end": passage.end,
    }


def answer_values(answer: Answer) -> dict[str, Any]:
    return {
        "question": answer.question,
        "query": answer.query,
        "found": answer.found,
        "citations": [citation_values(citation) for citation in answer.citations],
        "measured": dict(zip(("right", "of"), measured(answer.confidence), strict=True)) if answer.found else None,
        "closest": [citation_values(citation) for citation in answer.closest],
        "unknown_words": list(answer.unknown),
        "hidden_by": [name.value for name in answer.hidden_by],
        "hits": [hit_values(hit) for hit in answer.hits],
    }
