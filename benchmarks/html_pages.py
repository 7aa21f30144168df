"""Made-up news pages of many builds, with what a reader should take from each and what it should leave.

All words are ours. A page has no styles and little script, unlike real ones: what it measures is whether structures are
understood, not how well the web is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

DAY = date(2024, 3, 14)
_WHO = "The mayor|A ferry captain|The school board|The river council|One farmer|The night nurse|The tram company|A beekeeper|The port office|The choir".split(
    "|"
)
_DID = "agreed to close|promised to rebuild|counted visitors at|asked for money for|measured the water under|bought seats for|wrote a letter about|opened".split(
    "|"
)
_WHAT = "the old mill|the stone bridge|the harbour clock|the lower road|the swimming hall|the reading room|the grain store|the east pier".split(
    "|"
)
_WHEN = "before the first frost|for a second year|while the market was on|in spite of the storm|after a long meeting|without telling the neighbours".split(
    "|"
)


@dataclass(frozen=True, slots=True)
class Page:
    """Hold a page and what is right: sentences of the article, sentences around it, title, author, date and its place.

    `refused` pages show no article.
    """

    name: str
    html: bytes
    inside: tuple[str, ...]
    outside: tuple[str, ...]
    title: str
    author: str = ""
    published: date | None = None
    dated: str = ""
    refused: bool = False


class _Writer:
    """Write sentences that occur once each."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)
        self._number = 0
        self.inside: list[str] = []
        self.outside: list[str] = []

    def _sentence(self) -> str:
        self._number += 1
        who, did, what, when = (self._random.choice(words) for words in (_WHO, _DID, _WHAT, _WHEN))
        return f"{who} {did} {what} {when}, and {self._number * 7 + 12} people came to see it."

    def say(self, count: int = 3) -> str:
        """Write sentences of the article."""
        said = [self._sentence() for _ in range(count)]
        self.inside += said
        return " ".join(said)

    def keep(self, *sentences: str) -> str:
        self.inside += sentences
        return " ".join(sentences)

    def paragraphs(self, count: int = 4, sentences: int = 3) -> str:
        return "".join(f"<p>{self.say(sentences)}</p>" for _ in range(count))

    def noise(self, *sentences: str) -> str:
        self.outside += sentences
        return " ".join(sentences)

    def chatter(self, count: int = 1) -> str:
        """Write sentences that look like the article's and are not."""
        said = [self._sentence() for _ in range(count)]
        self.outside += said
        return " ".join(said)


_Build = Callable[[_Writer], dict[str, object]]
_BUILDS: dict[str, _Build] = {}
TITLE = "Stone bridge closes until spring"
TITLE_TAG = f"<title>{TITLE} | Hill Gazette</title>"


def _page(build: _Build) -> _Build:
    _BUILDS[build.__name__] = build
    return build


def pages() -> Iterator[Page]:
    for name, build in _BUILDS.items():
        writer = _Writer(name)
        made = build(writer)
        html = str(made.pop("html"))
        data = html.encode(str(made.pop("encoding", "utf-8")), "xmlcharrefreplace")
        right: dict[str, object] = {"title": TITLE, **made}
        yield Page(name, data, tuple(writer.inside), tuple(writer.outside), **right)  # type: ignore[arg-type]


def _meta(**names: str) -> str:
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in names.items())


def _ld(**fields: object) -> str:
    value = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **fields}
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def _nav(writer: _Writer) -> str:
    words = writer.noise("Subscribe to our newsletter and never miss a thing.")
    links = "".join(
        f'<li><a href="/{name.lower()}">{name}</a></li>' for name in "News Sport Weather Culture Shop".split()
    )
    return f"<header><nav><ul>{links}</ul></nav><p>{words}</p></header>"


def _foot(writer: _Writer) -> str:
    words = writer.noise("All rights reserved by the Hill Gazette.", "We are not responsible for other sites.")
    return f"<footer><p>© 2019 {words}</p><a href='/imprint'>Imprint</a></footer>"


def _related(writer: _Writer, heading: str = "Related stories") -> str:
    teasers = "".join(
        f'<li><a href="/{number}">{writer.noise(f"Ten ways to cook rye, part {number} of the series.")}</a></li>'
        for number in range(1, 6)
    )
    return f'<section class="related"><h3>{heading}</h3><ul>{teasers}</ul></section>'


def _wrapped(writer: _Writer, head: str, inner: str, *, after: str = "", language: str = "en") -> str:
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">{head}</head><body>{_nav(writer)}'
        f"<main>{inner}</main>{after}{_foot(writer)}</body></html>"
    )


@_page
def article_with_json_ld(w: _Writer) -> dict[str, object]:
    head = TITLE_TAG + _ld(datePublished="2024-03-14T08:00:00+01:00", author={"@type": "Person", "name": "Ann Lee"})
    return {
        "html": _wrapped(w, head, f"<article><h1>{TITLE}</h1>{w.paragraphs()}</article>", after=_related(w)),
        "author": "Ann Lee", "published": DAY, "dated": "JSON-LD",
    }  # fmt: skip


@_page
def json_ld_graph_with_two_authors(w: _Writer) -> dict[str, object]:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "name": "Hill Gazette", "foundingDate": "1911-05-01"},
            {"@type": "WebPage", "dateModified": "2024-04-01"},
            {"@type": "Article", "headline": TITLE, "datePublished": "2024-03-14", "dateModified": "2024-03-20",
             "author": [{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "Bo Day"}]},
        ],
    }  # fmt: skip
    head = f'{TITLE_TAG}<script type="application/ld+json">{json.dumps(graph)}</script>'
    return {
        "html": _wrapped(w, head, f"<article><h1>{TITLE}</h1>{w.paragraphs()}</article>"),
        "author": "Ann Lee, Bo Day", "published": DAY, "dated": "JSON-LD",
    }  # fmt: skip


@_page
def date_in_meta(w: _Writer) -> dict[str, object]:
    head = TITLE_TAG + _meta(
        article__published_time="2024-03-14T23:30:00-05:00", og__title=TITLE, og__site_name="Hill Gazette"
    )
    head += '<meta name="author" content="Ann Lee">'
    return {
        "html": _wrapped(w, head, f'<div class="story"><h1>{TITLE}</h1>{w.paragraphs()}</div>'),
        "author": "Ann Lee", "published": DAY, "dated": "meta tag",
    }  # fmt: skip


@_page
def published_and_modified(w: _Writer) -> dict[str, object]:
    head = TITLE_TAG + _meta(
        article__modified_time="2024-03-18T10:00:00Z", article__published_time="2024-03-14T10:00:00Z"
    )
    return {
        "html": _wrapped(w, head, f"<article><h1>{TITLE}</h1>{w.paragraphs()}</article>"),
        "published": DAY, "dated": "meta tag",
    }  # fmt: skip


@_page
def time_tag_and_byline(w: _Writer) -> dict[str, object]:
    top = f'<h1>{TITLE}</h1><p class="byline">By <a rel="author" href="/ann">Ann Lee</a></p><time datetime="2024-03-14T09:00">March 14</time>'
    return {
        "html": _wrapped(w, TITLE_TAG, f"<article>{top}{w.paragraphs()}</article>"),
        "author": "Ann Lee", "published": DAY, "dated": "time tag",
    }  # fmt: skip


@_page
def times_of_comments_and_teasers(w: _Writer) -> dict[str, object]:
    top = f'<h1>{TITLE}</h1><span class="author">Ann Lee</span> <time datetime="2024-03-14" itemprop="datePublished">14 March</time>'
    teaser = '<aside><h2>Latest</h2><a href="/x"><time datetime="2024-05-01">today</time> Rye is back</a></aside>'
    comment = f'<section id="comments"><h2>Comments</h2><div class="comment"><time datetime="2024-03-15">yesterday</time><p>{w.chatter(2)}</p></div></section>'
    return {
        "html": _wrapped(w, TITLE_TAG, f"{teaser}<article>{top}{w.paragraphs()}</article>{comment}"),
        "author": "Ann Lee", "published": DAY, "dated": "time tag",
    }  # fmt: skip


@_page
def date_in_address(w: _Writer) -> dict[str, object]:
    head = f'{TITLE_TAG}<link rel="canonical" href="https://hill.example/news/2024/03/14/stone-bridge">'
    return {
        "html": _wrapped(w, head, f"<article><h1>{TITLE}</h1>{w.paragraphs()}</article>"),
        "published": DAY, "dated": "url",
    }  # fmt: skip


@_page
def date_in_text_only(w: _Writer) -> dict[str, object]:
    top = f'<h1>{TITLE}</h1><div class="meta"><span class="date">Thursday, March 14, 2024</span></div>'
    return {
        "html": _wrapped(w, TITLE_TAG, f"<article>{top}{w.paragraphs()}</article>"),
        "published": DAY, "dated": "page text",
    }  # fmt: skip


@_page
def no_date_but_others_named(w: _Writer) -> dict[str, object]:
    told = w.keep("The bridge was built on 4 June 1931 by masons from the north.", "It will open again on 1 May 2031.")
    return {
        "html": _wrapped(
            w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{w.paragraphs(2)}<p>{told}</p>{w.paragraphs(2)}</article>"
        )
    }


@_page
def divs_only(w: _Writer) -> dict[str, object]:
    inner = f'<div id="c1"><div class="hd">{TITLE}</div><div class="x"><div>{w.say()}</div><div>{w.say()}</div><div>{w.say()}</div><div>{w.say()}</div></div></div>'
    return {"html": _wrapped(w, TITLE_TAG, inner, after=_related(w))}


@_page
def line_breaks_for_paragraphs(w: _Writer) -> dict[str, object]:
    inner = f'<h1>{TITLE}</h1><div class="text">{"<br><br>".join(w.say() for _ in range(5))}</div>'
    return {"html": _wrapped(w, TITLE_TAG, inner)}


@_page
def table_layout_of_old(w: _Writer) -> dict[str, object]:
    menu = '<td width="150"><a href="/">Home</a><br><a href="/news">News</a><br><a href="/mail">Mail</a></td>'
    body = f'<td><font size="5"><b>{TITLE}</b></font><p>{w.say()}<p>{w.say()}<p>{w.say()}<p>{w.say()}</td>'
    return {
        "html": f"<html><head>{TITLE_TAG}</head><body><table><tr>{menu}{body}</tr></table><font size=1>{w.noise('Best seen at 800 by 600.')}</font></body></html>"
    }


@_page
def cookie_banner(w: _Writer) -> dict[str, object]:
    banner = w.noise(
        "We use cookies and similar technologies to improve what you see.",
        "You can change your choice at any time in the settings.",
    )
    box = (
        f'<div id="cookie-consent" role="dialog"><h2>Your privacy</h2><p>{banner}</p><button>Accept all</button></div>'
    )
    return {"html": _wrapped(w, TITLE_TAG, f"{box}<article><h1>{TITLE}</h1>{w.paragraphs()}</article>")}


@_page
def short_article_and_long_cookie_banner(w: _Writer) -> dict[str, object]:
    said = [
        f"We and our {number} partners keep what you look at for reason number {number}." for number in range(2, 12)
    ]
    box = f'<div class="consent-overlay"><p>{w.noise(*said)}</p></div>'
    return {"html": _wrapped(w, TITLE_TAG, f"{box}<article><h1>{TITLE}</h1>{w.paragraphs(2, 2)}</article>")}


@_page
def comments_below(w: _Writer) -> dict[str, object]:
    told = "".join(f'<li class="comment"><b>reader{n}</b><p>{w.chatter(2)}</p></li>' for n in range(6))
    return {
        "html": _wrapped(
            w,
            TITLE_TAG,
            f'<article><h1>{TITLE}</h1>{w.paragraphs()}</article><div id="comments" class="comments-area"><h3>6 comments</h3><ol>{told}</ol></div>',
        )
    }


@_page
def comments_within_the_article(w: _Writer) -> dict[str, object]:
    told = "".join(f'<div class="comment-body"><p>{w.chatter(2)}</p></div>' for n in range(4))
    return {
        "html": _wrapped(
            w,
            TITLE_TAG,
            f'<article><h1>{TITLE}</h1>{w.paragraphs()}<div class="comments"><h3>Comments</h3>{told}</div></article>',
        )
    }


@_page
def related_within_the_article(w: _Writer) -> dict[str, object]:
    box = f'<div class="related-articles"><h4>Read more</h4><ul><li><a href="/1">{w.noise("Why the east pier was sold twice last year.")}</a></li><li><a href="/2">{w.noise("Where to swim when the hall is shut.")}</a></li></ul></div>'
    return {
        "html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{w.paragraphs(2)}{box}{w.paragraphs(2)}</article>")
    }


@_page
def read_also_lines(w: _Writer) -> dict[str, object]:
    also = (
        f'<p><strong>READ ALSO: <a href="/1">{w.noise("Why the east pier was sold twice last year.")}</a></strong></p>'
    )
    return {
        "html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{w.paragraphs(2)}{also}{w.paragraphs(2)}</article>")
    }


@_page
def newsletter_form_within(w: _Writer) -> dict[str, object]:
    form = f'<div class="newsletter-signup"><h4>Morning mail</h4><p>{w.noise("Sign up here and get the news of the hill every morning.")}</p><form><input type="email"><button>Sign up</button></form></div>'
    return {
        "html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{w.paragraphs(2)}{form}{w.paragraphs(2)}</article>")
    }


@_page
def advertisement_within(w: _Writer) -> dict[str, object]:
    ad = f'<div class="ad ad-slot" aria-label="advertisement"><p>{w.noise("Buy a sledge today and pay in spring.")}</p></div>'
    return {
        "html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{w.paragraphs(2)}{ad}{w.paragraphs(2)}</article>")
    }


@_page
def captions_of_pictures(w: _Writer) -> dict[str, object]:
    picture = f'<figure><img src="a.jpg" alt="{w.noise("The bridge seen from a boat at noon.")}"><figcaption>{w.noise("Masons at work under the east arch.")} <span class="credit">{w.noise("Photo: Bo Day for the Gazette.")}</span></figcaption></figure>'
    return {
        "html": _wrapped(
            w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{w.paragraphs(2)}{picture}{w.paragraphs(2)}</article>"
        )
    }


@_page
def lists(w: _Writer) -> dict[str, object]:
    items = "".join(f"<li>{w.say(1)}</li>" for _ in range(5))
    return {
        "html": _wrapped(
            w,
            TITLE_TAG,
            f"<article><h1>{TITLE}</h1>{w.paragraphs(2)}<ul>{items}</ul>{w.paragraphs(1)}<ol><li>{w.say(1)}</li><li>{w.say(1)}</li></ol></article>",
        )
    }


@_page
def key_points_first(w: _Writer) -> dict[str, object]:
    items = "".join(f"<li>{w.say(1)}</li>" for _ in range(3))
    return {
        "html": _wrapped(
            w,
            TITLE_TAG,
            f'<article><h1>{TITLE}</h1><div class="key-points"><h2>Key points</h2><ul>{items}</ul></div>{w.paragraphs(4)}</article>',
        )
    }


@_page
def table_of_data(w: _Writer) -> dict[str, object]:
    rows = "".join(
        f"<tr><td>{w.keep(f'Arch number {n} of the bridge')}</td><td>{w.keep(f'{n * 31} tonnes of stone')}</td></tr>"
        for n in range(1, 5)
    )
    return {
        "html": _wrapped(
            w,
            TITLE_TAG,
            f"<article><h1>{TITLE}</h1>{w.paragraphs(2)}<table><caption>{w.keep('What each arch weighs, as measured.')}</caption><tr><th>Arch</th><th>Weight</th></tr>{rows}</table>{w.paragraphs(2)}</article>",
        )
    }


@_page
def quotes(w: _Writer) -> dict[str, object]:
    said = f"<blockquote><p>“{w.say(2)}”</p><footer>Ivo Brandt, mason</footer></blockquote><aside class='pullquote'>“{w.noise('A bridge is a promise, he says.')}”</aside>"
    return {
        "html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{w.paragraphs(2)}{said}{w.paragraphs(2)}</article>")
    }


@_page
def inline_tags_in_sentences(w: _Writer) -> dict[str, object]:
    whole = w.keep("The H2O level, as the Gazette wrote in May, rose by 3 cm a day at Ode.")
    marked = (
        whole.replace("Gazette", "<em>Gazette</em>")
        .replace("wrote in May", '<a href="/may">wrote in May</a>')
        .replace("H2O", "H<sub>2</sub>O")
        .replace("3 cm", "3&nbsp;cm")
        .replace("Ode", "<strong>Ode</strong>")
    )
    return {
        "html": _wrapped(
            w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{w.paragraphs(2)}<p>{marked}</p>{w.paragraphs(2)}</article>"
        )
    }


@_page
def subheadings_and_lead(w: _Writer) -> dict[str, object]:
    inner = f'<h1>{TITLE}</h1><p class="lead standfirst">{w.say(1)}</p>{w.paragraphs(1)}<h2>{w.keep("Why the stones moved")}</h2>{w.paragraphs(2)}<h2>{w.keep("What comes next")}</h2>{w.paragraphs(1)}'
    return {"html": _wrapped(w, TITLE_TAG, f"<article>{inner}</article>")}


@_page
def lead_in_header(w: _Writer) -> dict[str, object]:
    inner = f'<article><header><h1>{TITLE}</h1><p class="subtitle">{w.say(1)}</p><div class="byline">By Ann Lee</div></header><div class="body">{w.paragraphs()}</div></article>'
    return {"html": _wrapped(w, TITLE_TAG, inner), "author": "Ann Lee"}


@_page
def live_blog(w: _Writer) -> dict[str, object]:
    posts = "".join(
        f'<article class="live-post"><time datetime="2024-03-14T{hour}:00">{hour}:00</time><h3>{w.keep(f"News of {hour} hours from the bridge")}</h3><p>{w.say(2)}</p></article>'
        for hour in (18, 16, 14, 12)
    )
    head = TITLE_TAG + _ld(**{"@type": "LiveBlogPosting"}, datePublished="2024-03-14T08:00:00Z")
    return {
        "html": _wrapped(w, head, f'<h1>{TITLE}</h1><p>{w.say(2)}</p><div class="live-blog">{posts}</div>'),
        "published": DAY,
        "dated": "JSON-LD",
    }


@_page
def questions_and_answers(w: _Writer) -> dict[str, object]:
    pairs = "".join(
        f"<p><strong>{w.keep(f'Why were there {n} plans for the bridge?')}</strong></p><p>{w.say(2)}</p>"
        for n in range(3, 7)
    )
    return {"html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{pairs}</article>")}


@_page
def folded_details(w: _Writer) -> dict[str, object]:
    inner = f"{w.paragraphs(3)}<details><summary>{w.keep('How the bridge is measured each night')}</summary><p>{w.say(2)}</p></details>{w.paragraphs(1)}"
    return {"html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{inner}</article>")}


@_page
def amp(w: _Writer) -> dict[str, object]:
    head = f'{TITLE_TAG}<link rel="canonical" href="https://hill.example/stone-bridge">{_ld(datePublished="2024-03-14", author={"@type": "Person", "name": "Ann Lee"})}'
    inner = f'<amp-img src="a.jpg"></amp-img><amp-ad type="x"><p>{w.noise("Buy a sledge today and pay in spring.")}</p></amp-ad>'
    return {
        "html": f"<!doctype html><html amp><head><meta charset='utf-8'>{head}</head><body><amp-sidebar><ul><li><a href='/'>Home</a></li></ul></amp-sidebar><main><article><h1>{TITLE}</h1>{w.paragraphs(2)}{inner}{w.paragraphs(2)}</article></main></body></html>",
        "author": "Ann Lee",
        "published": DAY,
        "dated": "JSON-LD",
    }


@_page
def print_version(w: _Writer) -> dict[str, object]:
    return {
        "html": f"<html><head><title>{TITLE} - print</title></head><body onload='window.print()'><h2>{TITLE}</h2><p>Hill Gazette, 14 March 2024, by Ann Lee</p>{w.paragraphs(5)}<p>{w.noise('Printed from hill.example for private use only.')}</p></body></html>",
        "author": "Ann Lee",
        "published": DAY,
        "dated": "page text",
    }


@_page
def very_short(w: _Writer) -> dict[str, object]:
    return {
        "html": _wrapped(
            w,
            TITLE_TAG + _meta(article__published_time="2024-03-14"),
            f"<article><h1>{TITLE}</h1><p>{w.say(2)}</p></article>",
            after=_related(w),
        ),
        "published": DAY,
        "dated": "meta tag",
    }


@_page
def one_sentence(w: _Writer) -> dict[str, object]:
    return {"html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1><p>{w.say(1)}</p></article>", after=_related(w))}


@_page
def repeated_sentence(w: _Writer) -> dict[str, object]:
    refrain = w.keep("“The bridge stays shut until it is safe for all of us to cross,” she said.")
    body = "".join(f"<p>{refrain}</p><p>{w.say(2)}</p>" for _ in range(4))
    w.inside += [refrain] * 3
    return {"html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{body}</article>")}


@_page
def long_read_of_sections(w: _Writer) -> dict[str, object]:
    body = "".join(
        f"<section><h2>{w.keep(f'Part {n} of the long story')}</h2>{w.paragraphs(5)}</section>" for n in range(1, 9)
    )
    return {"html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{body}</article>", after=_related(w))}


@_page
def body_broken_by_wrappers(w: _Writer) -> dict[str, object]:
    body = "".join(
        f'<div class="paragraph-wrapper"><div class="inner"><p>{w.say()}</p></div></div><div class="ad-slot"></div>'
        for _ in range(6)
    )
    return {
        "html": _wrapped(w, TITLE_TAG, f'<div class="content-grid"><h1>{TITLE}</h1>{body}</div>', after=_related(w))
    }


@_page
def author_box_below(w: _Writer) -> dict[str, object]:
    box = f'<div class="author-bio"><img src="a.jpg"><p>{w.noise("Ann Lee has written for the Gazette since she was twenty.")}</p></div>'
    return {
        "html": _wrapped(
            w,
            TITLE_TAG,
            f'<article><h1>{TITLE}</h1><p class="byline">By <span class="author">Ann Lee</span></p>{w.paragraphs()}{box}</article>',
        ),
        "author": "Ann Lee",
    }


@_page
def correction_below(w: _Writer) -> dict[str, object]:
    note = f'<p class="correction"><em>{w.keep("Correction: an earlier version named the wrong mason of the bridge.")}</em></p>'
    return {"html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{w.paragraphs()}{note}</article>")}


@_page
def social_buttons(w: _Writer) -> dict[str, object]:
    share = f'<div class="share-buttons"><span>{w.noise("Share this story with your friends and family.")}</span><a href="#">Copy link</a><a href="#">Mail</a></div>'
    return {"html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{share}{w.paragraphs()}{share}</article>")}


@_page
def hidden_text(w: _Writer) -> dict[str, object]:
    hidden = f'<div style="display:none"><p>{w.chatter(2)}</p></div><div hidden><p>{w.chatter(1)}</p></div><template><p>{w.chatter(1)}</p></template>'
    return {"html": _wrapped(w, TITLE_TAG, f"<article><h1>{TITLE}</h1>{w.paragraphs()}{hidden}</article>")}


@_page
def title_with_outlet_alone(w: _Writer) -> dict[str, object]:
    return {
        "html": _wrapped(
            w,
            f"<title>Hill Gazette</title>{_meta(og__title='Hill Gazette')}",
            f"<article><h1>{TITLE}</h1>{w.paragraphs()}</article>",
        )
    }


@_page
def h1_is_the_outlet(w: _Writer) -> dict[str, object]:
    return {
        "html": _wrapped(
            w,
            TITLE_TAG,
            f'<h1 class="logo"><a href="/">Hill Gazette</a></h1><article><h2>{TITLE}</h2>{w.paragraphs()}</article>',
        )
    }


@_page
def german(w: _Writer) -> dict[str, object]:
    said = [f"Die Brücke über die Oder wurde nach {n} Jahren zum ersten Mal geprüft." for n in range(3, 11)]
    body = "".join(f"<p>{w.keep(one)}</p>" for one in said)
    inner = f'<article><h1>Brücke bis zum Frühling gesperrt</h1><p class="autor">Von Anna Lehmann</p><p>14. März 2024</p>{body}</article><section class="kommentare"><h2>Kommentare</h2><p>{w.noise("Das hätte man auch früher wissen können.")}</p></section>'
    return {
        "html": _wrapped(w, "<title>Brücke bis zum Frühling gesperrt | Hügelblatt</title>", inner, language="de"),
        "title": "Brücke bis zum Frühling gesperrt",
        "author": "Anna Lehmann",
        "published": DAY,
        "dated": "page text",
    }


@_page
def french(w: _Writer) -> dict[str, object]:
    body = "".join(
        f"<p>{w.keep(f'« Le pont a été fermé {n} fois cette année », dit la maire de la commune.')}</p>"
        for n in range(2, 9)
    )
    inner = f'<article><h1>Le pont fermé jusqu’au printemps</h1><p class="auteur">Par <span>Anne Lefèvre</span></p><time datetime="2024-03-14">14 mars 2024</time>{body}</article>'
    return {
        "html": _wrapped(w, "<title>Le pont fermé jusqu’au printemps</title>", inner, language="fr"),
        "title": "Le pont fermé jusqu’au printemps",
        "author": "Anne Lefèvre",
        "published": DAY,
        "dated": "time tag",
    }


@_page
def russian_in_windows_1251(w: _Writer) -> dict[str, object]:
    body = "".join(f"<p>{w.keep(f'Мост через реку закрыли в {n} раз, и жители ждут весны.')}</p>" for n in range(2, 9))
    html = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><title>Мост закрыт до весны</title></head><body><div><a href="/">Главная</a></div><article><h1>Мост закрыт до весны</h1>{body}</article></body></html>'
    return {"html": html, "encoding": "cp1251", "title": "Мост закрыт до весны"}


@_page
def japanese(w: _Writer) -> dict[str, object]:
    body = "".join(
        f"<p>{w.keep(f'石橋は{n}年ぶりに閉鎖され、春まで通れない。')}{w.keep(f'市長は{n}回説明会を開いた。')}</p>"
        for n in range(2, 9)
    )
    html = f'<html lang="ja"><head><meta charset="shift_jis"><title>石橋が春まで閉鎖</title></head><body><nav><a href="/">ホーム</a></nav><article><h1>石橋が春まで閉鎖</h1>{body}</article></body></html>'
    return {"html": html, "encoding": "shift_jis", "title": "石橋が春まで閉鎖"}


@_page
def arabic(w: _Writer) -> dict[str, object]:
    body = "".join(f"<p>{w.keep(f'أغلق الجسر الحجري {n} مرات هذا العام حتى الربيع.')}</p>" for n in range(2, 9))
    return {
        "html": _wrapped(
            w, "<title>إغلاق الجسر</title>", f'<article dir="rtl"><h1>إغلاق الجسر</h1>{body}</article>', language="ar"
        ),
        "title": "إغلاق الجسر",
    }


@_page
def says_latin_1_and_is_utf_8(w: _Writer) -> dict[str, object]:
    body = "".join(
        f"<p>{w.keep(f'The café at the bridge sold {n} crêpes – more than ever.')}</p>" for n in range(20, 27)
    )
    return {
        "html": f'<html><head><meta charset="iso-8859-1">{TITLE_TAG}</head><body><article><h1>{TITLE}</h1>{body}</article></body></html>'
    }


@_page
def says_utf_8_and_is_windows_1252(w: _Writer) -> dict[str, object]:
    body = "".join(
        f"<p>{w.keep(f'The café at the bridge sold {n} crêpes – more than ever.')}</p>" for n in range(20, 27)
    )
    return {
        "html": f'<html><head><meta charset="utf-8">{TITLE_TAG}</head><body><article><h1>{TITLE}</h1>{body}</article></body></html>',
        "encoding": "cp1252",
    }


@_page
def says_utf_16_and_is_utf_8(w: _Writer) -> dict[str, object]:
    return {
        "html": f'<html><head><meta charset="utf-16">{TITLE_TAG}</head><body><article><h1>{TITLE}</h1>{w.paragraphs()}</article></body></html>'
    }


@_page
def paywall_stub(w: _Writer) -> dict[str, object]:
    head = TITLE_TAG + _ld(datePublished="2024-03-14", isAccessibleForFree=False)
    wall = f'<div class="paywall"><h3>Read on</h3><p>{w.noise("Subscribe now to read the whole story and all others.", "Already a subscriber? Log in here.")}</p></div>'
    return {
        "html": _wrapped(w, head, f"<article><h1>{TITLE}</h1><p>{w.say(2)}</p>{wall}</article>"),
        "published": DAY,
        "dated": "JSON-LD",
    }


@_page
def login_wall(w: _Writer) -> dict[str, object]:
    form = '<form action="/login"><label>E-mail<input name="e" type="email"></label><label>Password<input type="password"></label><button>Log in</button></form>'
    return {
        "html": _wrapped(
            w,
            "<title>Log in | Hill Gazette</title>",
            f"<h1>Log in</h1><p>{w.noise('Please log in to your account to go on reading this story.')}</p>{form}",
        ),
        "refused": True,
    }


@_page
def empty_program(w: _Writer) -> dict[str, object]:
    return {
        "html": f'<html><head><title>Hill Gazette</title></head><body><noscript>{w.noise("You need to enable JavaScript to run this app.")}</noscript><div id="root"></div><script src="/main.js"></script></body></html>',
        "refused": True,
    }


@_page
def challenge(w: _Writer) -> dict[str, object]:
    return {
        "html": f"<html><head><title>Just a moment...</title></head><body><h1>hill.example</h1><p>{w.noise('Checking whether you are a person, which may take a few seconds.')}</p><noscript>{w.noise('Enable JavaScript and cookies to continue')}</noscript><script>run()</script></body></html>",
        "refused": True,
    }


@_page
def front_page(w: _Writer) -> dict[str, object]:
    teasers = "".join(
        f'<div class="teaser"><h2><a href="/{n}">{w.noise(f"News number {n} of the day")}</a></h2><p>{w.chatter(1)}</p></div>'
        for n in range(12)
    )
    return {"html": _wrapped(w, "<title>Hill Gazette</title>", teasers), "refused": True}
