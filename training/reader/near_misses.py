"""Make questions that a passage seems to answer and does not, from questions that it answers."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

from index.sentences import sentence_spans

_NAME = re.compile(r"\b[A-Z][\w'’-]*(?:\s+(?:(?:of|the|de|von|van)\s+)?[A-Z][\w'’-]*)*")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*(?<![.,])(?:st|nd|rd|th|s|%)?\b")
_YEAR = re.compile(r"1\d\d\d|20\d\d")
_ASKING = frozenset(
    "What Which Who Whom Whose When Where Why How Did Does Do Is Are Was Were In On At By To For From The A An Of With "
    "According During After Before If As Besides I It They He She This That These Those There".split()
)
_OPPOSITES = """
first last|largest smallest|biggest smallest|most least|highest lowest|before after|north south|east west|
northern southern|eastern western|northeast southwest|northwest southeast|increase decrease|increased decreased|
increasing decreasing|rise fall|rose fell|male female|men women|oldest youngest|older younger|early late|
earliest latest|begin end|began ended|start finish|started stopped|won lost|win lose|winner loser|
majority minority|more fewer|more less|best worst|better worse|maximum minimum|positive negative|internal external|
upper lower|major minor|accept reject|accepted rejected|allow forbid|allowed banned|support oppose|
supported opposed|buy sell|bought sold|born buried|rich poor|wealthy poor|hot cold|warm cold|strong weak|
stronger weaker|longest shortest|long short|fastest slowest|newest oldest|founded dissolved|opened closed|
open close|cause prevent|caused prevented|like dislike|legal illegal|common rare|popular unpopular|add remove|
added removed|arrive leave|arrived left|join leave|joined left|attack defend|public private|domestic foreign|
urban rural|ancient modern|large small|larger smaller|high low|higher lower|good bad|success failure|
successful unsuccessful|create destroy|created destroyed|built demolished|gain lose|gained lost|import export|
input output|inside outside|above below|over under|north-east south-west|ally enemy|allies enemies|victory defeat|
peace war|dry wet|light dark|heavy light|fast slow|hard soft|young old|same different|similar different|
agree disagree|agreed disagreed|appear disappear|appeared disappeared|include exclude|included excluded|
same opposite|hired fired|employ dismiss|raise lower|raised lowered|approve veto|approved vetoed|
advantage disadvantage|benefit harm|teacher student|husband wife|father mother|son daughter|brother sister|
king queen|never always|summer winter|day night|spring autumn|left right|liberal conservative|
democratic republican|catholic protestant|army navy|sender recipient
"""
OPPOSITES: dict[str, tuple[str, ...]] = {}
for _pair in _OPPOSITES.replace("\n", "").split("|"):
    _one, _other = _pair.split()
    OPPOSITES[_one] = (*OPPOSITES.get(_one, ()), _other)
    OPPOSITES[_other] = (*OPPOSITES.get(_other, ()), _one)
_WORD = re.compile(r"[A-Za-z-]+")
_AUXILIARY = re.compile(r"\b(did|does|do|was|were|is|are|could|has|have|had|would|should)\b")


def names(text: str) -> list[tuple[int, int]]:
    """Find runs of capitalised words; one that only opens a sentence or asks is none."""
    found = []
    for match in _NAME.finditer(text):
        start, end = match.span()
        first, _, rest = match.group().partition(" ")
        if first in _ASKING:
            if not rest:
                continue
            start += len(first) + 1
            first = rest.split(" ")[0]
            if first in _ASKING or not first[:1].isupper():
                continue
        opens = start == 0 or text[:start].rstrip()[-1:] in {".", "?", "!", "\n"}
        if not (opens and " " not in text[start:end] and not first.isupper()):
            found.append((start, end))
    return found


def other_name(question: str, passage: str, answers: Iterable[str], draw: random.Random) -> str | None:
    """Put another name of the passage in the place of one in the question, one behind the same word if there is."""
    asked = [(a, b) for a, b in names(question) if question[a:b].lower() in passage.lower()] or names(question)
    if not asked:
        return None
    start, end = draw.choice(asked)
    taken = {question[start:end].lower(), *(answer.lower() for answer in answers)}
    wider = question.lower()
    offered = [
        (a, b)
        for a, b in names(passage)
        if not any(passage[a:b].lower() in one or one in passage[a:b].lower() for one in taken)
        and passage[a:b].lower() not in wider
    ]
    if not offered:
        return None
    before = _word_before(question, start)
    alike = [(a, b) for a, b in offered if _word_before(passage, a) == before]
    a, b = draw.choice(alike or offered)
    return question[:start] + passage[a:b] + question[end:]


def other_number(question: str, passage: str, answers: Iterable[str], draw: random.Random) -> str | None:
    """Put another number, a year for a year, in the place of one in the question."""
    asked = [m.span() for m in _NUMBER.finditer(question)]
    if not asked:
        return None
    start, end = draw.choice(asked)
    old = question[start:end]
    year = bool(_YEAR.fullmatch(old))
    taken = {old, *answers}
    offered = [
        m.group()
        for m in _NUMBER.finditer(passage)
        if m.group() not in taken and bool(_YEAR.fullmatch(m.group())) is year
    ]
    if year and (not offered or draw.random() < 0.4):
        offered = [str(int(old) + draw.choice((-20, -10, -7, -5, -3, -2, -1, 1, 2, 3, 4, 6, 10, 20)))]
        if offered[0] in passage and offered[0] in taken:
            return None
    return question[:start] + draw.choice(offered) + question[end:] if offered else None


def opposite(question: str, draw: random.Random) -> str | None:
    """Turn one word of the question into its opposite."""
    found = [m for m in _WORD.finditer(question) if m.group().lower() in OPPOSITES]
    if not found:
        return None
    match = draw.choice(found)
    word = draw.choice(OPPOSITES[match.group().lower()])
    word = word.capitalize() if match.group()[0].isupper() else word
    return question[: match.start()] + word + question[match.end() :]


def denied(question: str, draw: random.Random) -> str | None:
    """Ask for what is not so."""
    found = list(_AUXILIARY.finditer(question))
    if not found or " not " in question or "n't" in question:
        return None
    match = found[0]
    if draw.random() < 0.5:
        return question[: match.end()] + "n't" + question[match.end() :]
    rest = question[match.end() :].split(" ")
    if len(rest) < 4:
        return None
    verb = 2 if rest[1] not in {"the", "a", "an"} else 3
    return question[: match.end()] + " ".join([*rest[:verb], draw.choice(("not", "never")), *rest[verb:]])


def without_answer(passage: str, spans: Iterable[tuple[int, int]], answers: Iterable[str]) -> str | None:
    """Leave out the sentence that answers; None when the answer is said elsewhere too or little is left."""
    kept = []
    for start, end in sentence_spans(passage):
        if not any(a < end and start < b for a, b in spans):
            kept.append(passage[start:end])
    left = " ".join(kept)
    said = any(answer.lower() in left.lower() for answer in answers)
    return None if said or len(left) < 120 else left


def _word_before(text: str, at: int) -> str:
    return (text[:at].split() or [""])[-1].lower()
