"""A report as one HTML page that needs nothing else: figures, plots, and every question.

Every text of a question or an article goes through `escaped`.
"""

from __future__ import annotations

import html
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from qa.evaluation import Figure, Outcome, Quoted, Report, Row
from qa.measures import overlaps, risk_coverage
from ui.wording import counted

CSS = Path(__file__).with_name("report.css").read_text("utf-8")

JS = Path(__file__).with_name("report.js").read_text("utf-8")

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

MEANINGS = {
    "Success@1": "The first passage found is judged relevant.",
    "Success@5": "One of the first 5 passages is judged relevant.",
    "R@5": "Share of the relevant passages that are among the first 5.",
    "R@20": "Share of the relevant passages that are among the first 20.",
    "RR@10": "1 / rank of the first relevant passage, 0 beyond rank 10.",
    "nDCG@10": "Gain of the first 10 passages, relative to the best order.",
    "answered": "Answerable questions for which something was quoted.",
    "first quote right": "The first quote overlaps a judged span or holds an accepted answer.",
    "any quote right": "One of the quotes overlaps a judged span or holds an accepted answer.",
    "citation recall": "Share of the judged spans that a quote overlaps.",
    "citation precision": "Share of the quotes that overlap a judged span, where something was quoted.",
    "refused": "Unanswerable questions for which nothing was quoted.",
    "answered and refused, mean": "Mean of the two shares; always answering and never answering both give 0.5.",
    "AUROC": "Chance that an answerable question gets a higher confidence than an unanswerable one.",
    "seconds, p50": "Half of the questions took no longer.",
    "seconds, p95": "95 of 100 questions took no longer.",
}

_GOOD = frozenset({Outcome.RIGHT, Outcome.REFUSED})
_WIDTH, _HEIGHT = 360, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 42, 14, 30, 42
_BINS = 10
_LATENCY_BINS = 20
_SECONDS = tuple(digit * 10.0**power for power in range(-4, 5) for digit in (1, 2, 5))
_HATCH = (
    '<svg width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="5" height="5" '
    'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="1" y1="0" x2="1" y2="5"/>'
    "</pattern></defs></svg>"
)


def report_html(report: Report, title: str) -> str:
    """Draw a report as one page that works from a file, offline, with and without JavaScript."""
    rows = report.rows
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escaped(title)}</title><style>\n{CSS}</style></head><body><main>",
        f'<h1 dir="auto">{escaped(title)}</h1><p class="quiet">{_made_on(report)}</p>',
        "<h2>Figures</h2>",
        _table(report.figures) if report.figures else "<p>No question was asked, so there is no figure.</p>",
    ]
    if rows:
        parts += [
            f'<h2>Plots</h2>{_HATCH}<div class="plots">',
            confidence_plot(rows),
            risk_plot(rows),
            latency_plot(rows),
            "</div><h2>Questions</h2>",
            _controls(rows),
            *(_question(row) for row in rows),
        ]
    return "\n".join([*parts, f"</main><script>\n{JS}</script></body></html>\n"])


def escaped(text: object) -> str:
    """Escape a text for HTML, between tags and in attributes; what UTF-8 cannot hold becomes a question mark."""
    return html.escape(str(text), quote=True).encode("utf-8", "replace").decode("utf-8")


def confidence_plot(rows: Sequence[Row]) -> str:
    """Draw how sure the answers to answerable and to unanswerable questions are."""
    groups = [
        _Bars(name, style, _counts([row.confidence for row in rows if row.answerable is answerable]))
        for name, style, answerable in (("answerable", "first", True), ("unanswerable", "second", False))
    ]
    edges = [i / _BINS for i in range(_BINS + 1)]
    ticks = _count_ticks(max(max(group.counts) for group in groups))
    legend = [
        (f'<rect class="{group.style}" width="12" height="10" y="-9"/>', f"{group.name} ({sum(group.counts):,})")
        for group in groups
    ]
    return _plot(
        "Confidence",
        f"Histogram of confidence: {sum(groups[0].counts)} answerable, {sum(groups[1].counts)} unanswerable questions.",
        ("confidence", [(edge, f"{edge:g}") for edge in edges[::2]]),
        ("questions", [(tick / ticks[-1], f"{tick:,}") for tick in ticks]),
        _bars(groups, edges, edges, ticks[-1]),
        legend,
        "Confidence is the probability that one of the sentences read answers. The further apart the two, the better.",
    )


def risk_plot(rows: Sequence[Row]) -> str:
    """Draw how often an answer is wrong when only the surest questions are answered."""
    curve = risk_coverage([row.confidence for row in rows], [row.outcome is Outcome.RIGHT for row in rows])
    answered = [row for row in rows if row.quotes]
    marks = f'<polyline class="curve" points="{" ".join(_thinned(curve))}"/>'
    legend = [('<line class="curve" x2="14" y1="-4" y2="-4"/>', "surest first")]
    said = f"Risk-coverage curve: risk {curve[0][1]:.2f} at coverage {curve[0][0]:.2f}, {curve[-1][1]:.2f} at 1."
    if answered:
        coverage = len(answered) / len(rows)
        risk = sum(row.outcome is not Outcome.RIGHT for row in answered) / len(answered)
        marks += f'<circle class="here" cx="{_x(coverage):.1f}" cy="{_y(risk):.1f}" r="5"/>'
        legend.append(('<circle class="here" cx="6" cy="-4" r="5"/>', f"as answered ({coverage:.2f}, {risk:.2f})"))
        said += f" As answered: coverage {coverage:.2f}, risk {risk:.2f}."
    shares = [(i / 5, f"{i / 5:g}") for i in range(6)]
    return _plot(
        "Risk and coverage",
        said,
        ("coverage: share of all questions answered", shares),
        ("risk: share of those wrong", shares),
        marks,
        legend,
        "Right is a right first quote. An unanswerable question is wrong as soon as it is covered, and so is one for "
        "which nothing was quoted: right of the ring, the curve is the worst case.",
    )


def latency_plot(rows: Sequence[Row]) -> str:
    """Draw how long the questions took, on a logarithmic axis."""
    seconds = np.clip([row.seconds for row in rows], _SECONDS[0], _SECONDS[-1])
    last = next(i for i, bound in enumerate(_SECONDS) if bound >= seconds.max() and i)
    first = min(last - 1, max(i for i, bound in enumerate(_SECONDS) if bound <= seconds.min()))
    low, high = math.log(_SECONDS[first]), math.log(_SECONDS[last])
    places = (np.log(seconds) - low) / (high - low)
    bars = [_Bars("questions", "first", _counts(list(places), _LATENCY_BINS))]
    edges = [i / _LATENCY_BINS for i in range(_LATENCY_BINS + 1)]
    bounds = _SECONDS[first : last + 1]
    named = bounds if len(bounds) <= 8 else [bound for bound in bounds if math.isclose(math.log10(bound) % 1, 0)]
    ticks = _count_ticks(max(bars[0].counts))
    marks = _bars(bars, edges, [math.exp(low + edge * (high - low)) for edge in edges], ticks[-1])
    legend = []
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        quantile = float(np.quantile(seconds, share))
        x = _x((math.log(quantile) - low) / (high - low))
        marks += f'<line class="{name}" x1="{x:.1f}" x2="{x:.1f}" y1="{_y(0):g}" y2="{_y(1):g}"/>'
        legend.append((f'<line class="{name}" x2="18" y1="-4" y2="-4"/>', f"{name} {quantile:.3g} s"))
    return _plot(
        "Latency",
        f"Histogram of seconds: {counted(len(rows), 'question')}; {', '.join(text for _, text in legend)}.",
        ("seconds, logarithmic", [((math.log(bound) - low) / (high - low), f"{bound:g}") for bound in named]),
        ("questions", [(tick / ticks[-1], f"{tick:,}") for tick in ticks]),
        marks,
        legend,
        "From question to answer, on the machine that made the report, one question at a time.",
    )


@dataclass(frozen=True, slots=True)
class _Bars:
    """Hold the bars of one group of questions."""

    name: str
    style: str
    counts: tuple[int, ...]


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)


def _counts(shares: Sequence[float], bins: int = _BINS) -> tuple[int, ...]:
    """Count values from 0 to 1 in bins of equal width; what lies outside goes into the nearest."""
    counts = Counter(min(bins - 1, max(0, int(share * bins + 1e-9))) for share in shares)
    return tuple(counts[i] for i in range(bins))


def _count_ticks(most: int) -> list[int]:
    """Give at most six round numbers from 0 to `most` or a little beyond."""
    step = next(step for power in range(12) for step in (10**power, 2 * 10**power, 5 * 10**power) if most <= 5 * step)
    return list(range(0, max(1, math.ceil(most / step)) * step + 1, step))


def _bars(groups: Sequence[_Bars], edges: Sequence[float], bounds: Sequence[float], top: int) -> str:
    """Draw the groups side by side in each bin; `edges` are shares of the axis, `bounds` what they stand for."""
    drawn = []
    for i, (left, right) in enumerate(pairwise(edges)):
        width = (_x(right) - _x(left) - 2) / len(groups)
        for place, group in enumerate(groups):
            if group.counts[i]:
                height, start = _y(0) - _y(group.counts[i] / top), _x(left) + 1 + place * width
                drawn.append(
                    f'<rect class="{group.style}" data-count="{group.counts[i]}" x="{start:.1f}" '
                    f'y="{_y(0) - height:.2f}" width="{width - 0.5:.1f}" height="{height:.2f}">'
                    f"<title>{bounds[i]:.3g} to {bounds[i + 1]:.3g}: {group.counts[i]:,} {group.name}</title></rect>"
                )
    return "".join(drawn)


def _thinned(curve: Iterable[tuple[float, float]]) -> Iterator[str]:
    """Give the points of a curve as SVG takes them, one in each half unit of width."""
    points = [(_x(coverage), _y(risk)) for coverage, risk in curve]
    drawn = -math.inf
    for i, (x, y) in enumerate(points):
        if x - drawn >= 0.5 or i == len(points) - 1:
            yield f"{x:.1f},{y:.1f}"
            drawn = x


def _plot(
    name: str,
    description: str,
    x_axis: tuple[str, Sequence[tuple[float, str]]],
    y_axis: tuple[str, Sequence[tuple[float, str]]],
    marks: str,
    legend: Sequence[tuple[str, str]],
    caption: str,
) -> str:
    """Draw the frame of a plot around its marks; an axis is its label and its ticks, as shares of its length."""
    bottom, left, right = _y(0), _x(0), _x(1)
    parts = [
        f'<figure><h3>{name}</h3><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escaped(description)}">'
        f"<title>{escaped(description)}</title>"
    ]
    for share, text in y_axis[1]:
        y = _y(share)
        parts.append(f'<line class="grid" x1="{left:g}" x2="{right:g}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick end" x="{left - 5:g}" y="{y + 4:.1f}">{text}</text>')
    for share, text in x_axis[1]:
        x = _x(share)
        parts.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{bottom:g}" y2="{bottom + 4:g}"/>')
        parts.append(f'<text class="tick mid" x="{x:.1f}" y="{bottom + 16:g}">{text}</text>')
    parts.append(marks)
    parts.append(f'<line class="axis" x1="{left:g}" x2="{right:g}" y1="{bottom:g}" y2="{bottom:g}"/>')
    parts.append(f'<text class="mid" x="{(left + right) / 2:g}" y="{_HEIGHT - 8}">{x_axis[0]}</text>')
    parts.append(f'<text class="mid" transform="translate(10 {_y(0.5):g}) rotate(-90)">{y_axis[0]}</text>')
    for place, (mark, text) in enumerate(legend):
        parts.append(f'<g transform="translate({left + place * 130:g} 15)">{mark}<text x="24">{text}</text></g>')
    return "".join([*parts, f"</svg><figcaption>{caption}</figcaption></figure>"])


def _made_on(report: Report) -> str:
    asked, settings = len(report.rows), report.settings
    answerable = sum(row.answerable for row in report.rows)
    said = [f"{counted(asked, 'question')}, {answerable:,} of them answerable"]
    if "passages" in settings and "articles" in settings:
        said.append(f"{counted(settings['passages'], 'passage')} in {counted(settings['articles'], 'article')}")
    said += [f"{name} {escaped(settings[name])}" for name in ("encoder", "unit", "seed") if name in settings]
    return " · ".join(said)


def _table(figures: dict[str, Figure]) -> str:
    lines = [
        '<table><thead><tr><th scope="col">Figure</th><th scope="col">Value</th>'
        '<th scope="col">95% interval</th><th scope="col">n</th></tr></thead><tbody>'
    ]
    for name, figure in figures.items():
        digits = 4 if name.startswith("seconds") else 3
        value, low, high = (_number(number, digits) for number in (figure.value, figure.low, figure.high))
        lines.append(
            f'<tr><th scope="row">{escaped(name)}<small>{MEANINGS.get(name, "")}</small></th>'
            f"<td>{value}</td><td>{low}–{high}</td><td>{figure.n:,}</td></tr>"
        )
    return "\n".join([*lines, "</tbody></table>"])


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def _controls(rows: Sequence[Row]) -> str:
    counts = Counter(row.outcome for row in rows)
    buttons = "".join(
        f'<button type="button" value="{escaped(outcome)}" aria-pressed="false">'
        f"{escaped(outcome)} ({counts[outcome]:,})</button>"
        for outcome in Outcome
        if counts[outcome]
    )
    return (
        "<fieldset disabled><legend>Show</legend>"
        f'<button type="button" value="" aria-pressed="true">all ({len(rows):,})</button>{buttons}'
        '<label>Words <input type="search" autocomplete="off" spellcheck="false"></label></fieldset>'
        '<p class="quiet" role="status"></p>'
    )


def _question(row: Row) -> str:
    style = "outcome good" if row.outcome in _GOOD else "outcome"
    facts = [
        row.id,
        *([row.kind] if row.kind else []),
        "" if row.answerable else "unanswerable",
        f"confidence {_number(row.confidence, 2)}",
        f"{_number(row.seconds, 3)} s",
    ]
    parts = [
        f'<details data-outcome="{escaped(row.outcome)}"><summary><p dir="auto">{escaped(row.question)}</p>'
        f'<small><span class="{style}">{escaped(row.outcome)}</span> · '
        f"{' · '.join(f'<bdi>{escaped(fact)}</bdi>' for fact in facts if fact)}</small></summary><div>"
    ]
    if row.query != row.question:
        parts.append(f'<h3>Searched as</h3><p dir="auto">{escaped(row.query)}</p>')
    spans = [(span.get("article", ""), span.get("start", 0), span.get("end", 0)) for span in row.judged]
    quotes = "".join(_quote(quote, overlaps((quote.article, quote.start, quote.end), spans)) for quote in row.quotes)
    parts.append(f"<h3>Quoted</h3><ol>{quotes}</ol>" if quotes else "<h3>Nothing quoted</h3>")
    if row.judged:
        judged = "".join(
            f'<li><span dir="auto">{escaped(span.get("text", ""))}</span><small>{_place(*where)}</small></li>'
            for span, where in zip(row.judged, spans, strict=True)
        )
        parts.append(f"<h3>Judged to answer</h3><ul>{judged}</ul>")
    if row.answers:
        answers = "".join(f"<li><bdi>{escaped(answer)}</bdi></li>" for answer in row.answers)
        parts.append(f"<h3>Accepted answers</h3><ul>{answers}</ul>")
    return "".join([*parts, "</div></details>"])


def _quote(quote: Quoted, judged: bool) -> str:
    note = " · overlaps a judged span" if judged else ""
    return (
        f'<li><span dir="auto">{escaped(quote.quote)}</span><small><bdi>{escaped(quote.title)}</bdi> · '
        f"{_place(quote.article, quote.start, quote.end)}{note}</small></li>"
    )


def _place(article: str, start: int, end: int) -> str:
    return f"<bdi>{escaped(article)}</bdi>, characters {escaped(start)}–{escaped(end)}"
