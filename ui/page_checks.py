"""What readers judge of answers, from the page."""

from __future__ import annotations

from typing import Any

from index import Library
from qa.judging import JudgingError, Verdict, judge
from ui.answer_html import place
from ui.authority import may_change, owner_of


def judged(data: Any, library: Library, request: Any) -> dict[str, Any]:
    """Keep a judgement; give what is now said of that quote and that answer.

    Raises: JudgingError; ConversationError; LibraryUnwritable.
    """
    get = data.get if isinstance(data, dict) else {}.get
    if not may_change(request):
        raise JudgingError("you may read this library only", "its owner", "Ask the owner")
    turn, written, verdict = get("turn"), get("place"), get("verdict")
    quote = place(written) if isinstance(written, str) else None
    known = {one.value for one in Verdict}
    if type(turn) is not int or (written and quote is None) or (verdict and verdict not in known):
        raise JudgingError("this is no judgement", "one from the page", "Load the page anew")
    absent, missing = get("absent"), get("missing")
    now = judge(
        library,
        str(get("conversation", ""))[:80],
        turn,
        owner=owner_of(request),
        quote=quote,
        verdict=Verdict(verdict) if verdict else None,
        absent=absent if isinstance(absent, bool) else None,
        missing=missing if isinstance(missing, str) else None,
    )
    said = next((one.value for place_, one in now.verdicts if place_ == quote), "")
    return {"verdict": said, "absent": now.absent, "missing": now.missing}
