"""Records as plain values, the same for every face that gives JSON."""

from __future__ import annotations

from typing import Any

from index import Article, Hit
from index.shelf import Kept
from qa import Answer, Citation, Written
from qa.calibration import measured
from qa.records import Reply


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


def answer_values(answer: Answer, written: Written | None = None) -> dict[str, Any]:
    return {
        "question": answer.question,
        "query": answer.query,
        "lean": answer.meant.lean.value,
        "light_words": list(answer.meant.light),
        "gone": list(answer.meant.gone),
        "found": answer.found,
        "citations": [citation_values(citation) for citation in answer.citations],
        "measured": _measured_values(answer) if answer.found else None,
        "closest": [citation_values(citation) for citation in answer.closest],
        "unknown_words": list(answer.unknown),
        "hidden_by": [name.value for name in answer.hidden_by],
        "hits": [hit_values(hit) for hit in answer.hits],
        "reply": reply_values(answer.reply) if answer.reply else None,
        "written": written_values(written) if written else None,
    }


def written_values(written: Written) -> dict[str, Any]:
    """Give what a language model wrote; `doubtful` are characters of the sentence from start to end."""
    return {
        "model": written.model,
        "sentences": [
            {"text": one.text, "quotes": list(one.quotes), "doubtful": [list(span) for span in one.doubtful]}
            for one in written.sentences
        ],
        "dropped": [{"text": one.text, "because": one.fault.value} for one in written.dropped],
        "declined": written.declined,
        "failed": str(written.failed) if written.failed else None,
    }


def _measured_values(answer: Answer) -> dict[str, int]:
    right, of = measured(answer.confidence, in_conversation=answer.meant.in_conversation)
    return {"right": right, "of": of}


def reply_values(reply: Reply) -> dict[str, Any]:
    first, last, undated = reply.dates
    return {
        "about": reply.aside.value,
        "articles": reply.articles,
        "passages": reply.passages,
        "phrase": reply.phrase,
        "total": reply.total,
        "holding": reply.holding,
        "listed": [{**article_values(one.article), "passages": one.passages} for one in reply.listed],
        "sources": [{"name": name, "articles": number} for name, number in reply.sources],
        "first_day": first.isoformat() if first else None,
        "last_day": last.isoformat() if last else None,
        "undated": undated,
        "topics": list(reply.topics),
    }


def kept_values(kept: Kept) -> dict[str, Any]:
    return {
        "id": kept.id,
        "name": kept.name,
        "started": kept.started.isoformat(),
        "changed": kept.changed.isoformat(),
        "turns": kept.turns,
    }
