"""What we know of news pages that the general extractor does not: what is around an article, and what is none."""

from __future__ import annotations

import re
from collections.abc import Sequence


def _classed(words: str) -> str:
    """Match an element whose class or id holds one of the words."""
    small = "translate(concat(' ', @class, ' ', @id), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
    return " or ".join(f"contains({small}, '{word}')" for word in words.split())


def _opening(words: Sequence[str]) -> str:
    letters = "'ABCDEFGHIJKLMNOPQRSTUVWXYZÀÉ', 'abcdefghijklmnopqrstuvwxyzàé'"
    return " or ".join(f"starts-with(translate(normalize-space(.), {letters}), '{word}')" for word in words)


_NO_ARTICLE_IN_IT = (
    "not(.//h1 or .//article or .//main) and not(self::body or self::html or self::main or self::article)"
)
_READ_ALSO = (
    "read also", "also read", "read more", "read next", "see also", "more on this", "related:", "lire aussi", "à lire",
    "lesen sie auch", "mehr zum thema", "lea también", "leggi anche", "leia também", "lees ook",
)  # fmt: skip

AROUND = [
    "//noscript | //template | //dialog | //amp-ad | //amp-sidebar | //*[@hidden and not(@hidden='until-found')]",
    f"//*[@role='dialog' or @role='alertdialog' or @aria-modal='true'][{_NO_ARTICLE_IN_IT}]",
    f"//*[{_classed('cookie consent gdpr')}][{_NO_ARTICLE_IN_IT}][string-length(normalize-space(.)) < 5000]"
    "[contains(., 'ookie') or contains(., 'rivacy') or contains(., 'onsent') or contains(., 'artners')]",
    f"//*[{_classed('paywall regwall subscribe-wall')}][{_NO_ARTICLE_IN_IT}][string-length(normalize-space(.)) < 400]",
    "//header[.//nav][not(ancestor::article or ancestor::main)][not(.//h1)]",
    "//footer[not(ancestor::article or ancestor::main or ancestor::blockquote)][not(.//h1)]",
    f"//p[.//a][string-length(normalize-space(.)) < 200][{_opening(_READ_ALSO)}]",
]
"""XPaths of what is taken out before the article is looked for."""

TITLES = "//head/title"
HEADINGS = "//h1"
BYLINES = f"//*[{_classed('byline autor auteur autore')}][string-length(normalize-space(.)) < 80]"
PASSWORDS = "//input[translate(@type, 'PASWORD', 'pasword')='password']"
ARTICLES = (
    "//article | //*[contains(@itemtype, 'Article') or contains(@itemtype, 'Posting')] | "
    "//meta[@property='og:type'][contains(@content, 'article')] | //meta[contains(@property, 'published_time')] | "
    "//script[contains(@type, 'ld+json')][contains(., 'Article\"') or contains(., 'Posting\"')]"
)
NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)

_PARTS = re.compile(r"\s+[|–—·»:-]+\s+")
_BY = re.compile(r"(?:by|von|par|por|di|door|av|af|autor|auteur|text)\s*:?\s+", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w.’'-]*(?: (?:[^\W\d_][\w.’'-]*)){1,3}")
_SHORT = 3
_SHORTEST_ARTICLE = 300
_SHORTEST_WITH_PASSWORD = 600


def better_title(found: str, outlet: str, titles: Sequence[str], headings: Sequence[str]) -> str:
    """Give the article's title, where the one that was found is rather the outlet's name."""
    parts = _PARTS.split(titles[0]) if titles else []
    others = [heading for heading in headings if heading and heading.casefold() != found.casefold()]
    outlets_name = found.casefold() == outlet.casefold() or (len(parts) > 1 and found == parts[-1])
    if outlets_name and len(parts) > 1 and parts[0] != found:
        return parts[0]
    if (
        (outlets_name or found in titles)
        and len(headings) == 1
        and others
        and _words(found) <= _SHORT < _words(others[0])
    ):
        return others[0]
    return found


def byline(texts: Sequence[str]) -> str:
    """Give the name in the first line that says whose the article is; "" when none is a name alone."""
    for text in texts:
        name = _BY.sub("", text.strip(), count=1)
        if _NAME.fullmatch(name) and all(word[:1].isupper() for word in name.split() if len(word) > _SHORT):
            return name
    return ""


def is_wall(text: str, *, password: bool, article: bool, fetched: bool) -> bool:
    """Say whether what was found is rather what stands in front of an article: a log-in, a check, an empty program.

    A file that somebody saved may be short; of a page that was fetched, a short text counts only where the page calls
    it an article.
    """
    if password and len(text) < _SHORTEST_WITH_PASSWORD:
        return True
    return fetched and not article and len(text) < _SHORTEST_ARTICLE


def _words(text: str) -> int:
    return len(text.split())
