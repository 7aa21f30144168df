"""Records as plain values, the same for every face that gives JSON."""

from __future__ import annotations

from index import Article, Hit, Passage
from index.records import Version
from index.shelf import Kept
from qa import Answer, Citation, Written
from qa.calibration import measured
from qa.conversations import Conversation
from qa.records import Reply
from ui.values import (
    AnswerValues,
    ArticleValues,
    CitationValues,
    ConversationValues,
    FoundValues,
    HitValues,
    KeptValues,
    MeasuredValues,
    PassageValues,
    ReplyValues,
    VersionValues,
    WholeArticleValues,
    WrittenValues,
)


def article_values(article: Article) -> ArticleValues:
    """Give what readers may know of an article; not its text, nor where it was read on this machine."""
    return {
        "id": article.id,
        "title": article.title,
        "author": article.author,
        "source": article.source,
        "url": article.url,
        "published": article.published.isoformat() if article.published else None,
        "version": article.version,
    }


def passage_values(passage: Passage) -> PassageValues:
    return {
        "article": article_values(passage.article),
        "start": passage.start,
        "end": passage.end,
        "pages": _pages_values(passage),
    }


def version_values(version: Version) -> VersionValues:
    return {
        **article_values(version.article),
        "since": version.since.isoformat() if version.since else None,
        "until": version.until.isoformat() if version.until else None,
    }


def whole_article_values(article: Article) -> WholeArticleValues:
    return {**article_values(article), "text": article.text}


def citation_values(citation: Citation) -> CitationValues:
    return {
        "number": citation.number,
        "quote": citation.quote,
        "article": article_values(citation.passage.article),
        "start": citation.start,
        "end": citation.end,
        "pages": list(citation.pages) if citation.pages else None,
        "score": round(citation.score, 4),
        "answer": list(citation.answer) if citation.answer else None,
        "also": [passage_values(passage) for passage in citation.also],
    }


def hit_values(hit: Hit) -> HitValues:
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "text": passage.text,
        **passage_values(passage),
        "also": [passage_values(other) for other in hit.also],
    }


def _pages_values(passage: Passage) -> list[int] | None:
    pages = passage.article.pages_of(passage.start, passage.end)
    return list(pages) if pages else None


def answer_values(answer: Answer, written: Written | None = None) -> AnswerValues:
    return {**found_values(answer, written), "hits": [hit_values(hit) for hit in answer.hits]}


def found_values(answer: Answer, written: Written | None = None) -> FoundValues:
    """Give an answer without the passages that were read for it."""
    return {
        "question": answer.question,
        "query": answer.query,
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "lean": answer.meant.lean.value,
        "light_words": list(answer.meant.light),
        "gone": list(answer.meant.gone),
        "found": answer.found,
        "citations": [citation_values(citation) for citation in answer.citations],
        "measured": _measured_values(answer) if answer.found else None,
        "closest": [citation_values(citation) for citation in answer.closest],
        "unknown_words": list(answer.unknown),
        "hidden_by": [name.value for name in answer.hidden_by],
        "reply": reply_values(answer.reply) if answer.reply else None,
        "written": written_values(written) if written else None,
    }


def written_values(written: Written) -> WrittenValues:
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


def _measured_values(answer: Answer) -> MeasuredValues:
    right, of = measured(answer.confidence, in_conversation=answer.meant.in_conversation)
    return {"right": right, "of": of}


def reply_values(reply: Reply) -> ReplyValues:
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


def kept_values(kept: Kept) -> KeptValues:
    return {
        "id": kept.id,
        "name": kept.name,
        "started": kept.started.isoformat(),
        "changed": kept.changed.isoformat(),
        "turns": kept.turns,
    }


def conversation_values(conversation: Conversation) -> ConversationValues:
    """Give everything that is kept of a conversation."""
    kept = conversation.kept
    return {
        "id": kept.id,
        "name": kept.name,
        "started": kept.started.isoformat(),
        "changed": kept.changed.isoformat(),
        "turns": [{**answer_values(told.answer), "lost": told.lost} for told in conversation.told],
    }
