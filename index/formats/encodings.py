"""Bytes into text when nothing says how they are encoded (charset_normalizer)."""

from __future__ import annotations

import codecs
import logging
import re
from contextlib import suppress

from index.errors import ArticleError

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

_WESTERN_LETTERS = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŒœ"
_WESTERN_SIGNS = "€‚„…‰‹‘’“”•–—™›\u00a0¡¢£§¨©ª«\u00ad®°±²³´µ¶·¸¹º»¼½¾¿×÷"
_NOT_WESTERN = re.compile(f"[^\x00-\x7f{_WESTERN_LETTERS}{_WESTERN_SIGNS}]")
_SIGN_IN_A_WORD = re.compile(r"[^\W\d_][¡£¨©ª«²³´µ¹º¼½¾¿][a-z]")
_NO_WESTERN_LETTER = re.compile(r"[Õõ](?![Ee])|ç[b-jl-np-tv-z]")
"""Hungarian and Latvian letters, as they look when they are taken for Western ones."""

_GUESSES = (
    "cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 iso8859_2 koi8_r mac_roman shift_jis euc_jp gb18030 big5 euc_kr"
).split()
_FEWEST_BYTES_TO_GUESS_FROM = 8
_MOST_ACCENTED = 0.25
_notices = logging.getLogger("footnote")


_AS_BROWSERS_READ = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
"""What a name is taken for. Source: WHATWG Encoding Standard, section 4.2."""

_NEVER_DECLARED = re.compile(r"utf[-_]?(16|32|7)|unicode|raw|punycode|idna|undefined|mbcs|oem", re.IGNORECASE)
"""Names that are wrong where a declaration could be read at all, and Python's own."""


def decoded_as(declared: str, data: bytes) -> str | None:
    """Give text for bytes in the encoding that is declared for them; None, when they or the name are wrong."""
    try:
        name = codecs.lookup(declared).name
        if _NEVER_DECLARED.match(name):
            return None
        return data.decode(_AS_BROWSERS_READ.get(name, name))
    except (LookupError, UnicodeError, ValueError):
        return None


def decoded(data: bytes, where: str, declared: str = "") -> str:
    """Give text for bytes: UTF-8, UTF-16 with its mark, what is declared, Windows-1252 for Western text, else a guess.

    UTF-8 comes before what is declared, because servers declare one encoding for all, and no other text reads as UTF-8.
    A guess is told to the logger "footnote". A byte order mark is taken off.

    Raises: ArticleError, when the bytes are no text.
    """
    if data.startswith(_UTF_16):
        return _strict(data, "utf-16", where)
    if b"\0" in data:
        raise _binary(where)
    try:
        text = data.decode("utf-8-sig")
        return (declared and text.isascii() and decoded_as(declared, data)) or text  # ISO-2022-JP is ASCII too
    except UnicodeDecodeError:
        if len(_CONTROLS.findall(data)) > len(data) / 50:
            raise _binary(where) from None
        return (declared and decoded_as(declared, data)) or _western(data) or _guessed(data, where)


def decoded_utf_8(data: bytes, where: str) -> str:
    """Give text for bytes that must be UTF-8.

    Raises: ArticleError.
    """
    if b"\0" in data:
        raise _binary(where)
    return _strict(data, "utf-8-sig", where)


def _strict(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = "UTF-16" if encoding == "utf-16" else "UTF-8"
        raise ArticleError(
            f"{where} is not {name} (byte 0x{data[error.start]:02x} at {error.start:,})",
            f"{name} text",
            "Save it as UTF-8",
        ) from None


def _western(data: bytes) -> str | None:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    accented = sum(char in _WESTERN_LETTERS for char in text if char > "\x7f")
    letters = sum(map(str.isalpha, text))
    wrong = any(signs.search(text) for signs in (_NOT_WESTERN, _NO_WESTERN_LETTER, _SIGN_IN_A_WORD))
    return None if wrong or accented > _MOST_ACCENTED * letters else text


def _guessed(data: bytes, where: str) -> str:
    from charset_normalizer import from_bytes

    if sum(byte > 0x7F for byte in data) >= _FEWEST_BYTES_TO_GUESS_FROM:
        for match in from_bytes(data, cp_isolation=_GUESSES, enable_fallback=False):
            with suppress(UnicodeDecodeError):
                text = data.decode(match.encoding)
                if not _SIGN_IN_A_WORD.search(text):
                    _notices.warning("%s is not UTF-8; it was read as %s, which is a guess", where, match.encoding)
                    return text
    raise ArticleError(
        f"{where} is not UTF-8, nor in another encoding that could be told", "UTF-8 text", "Save it as UTF-8"
    )


def _binary(where: str) -> ArticleError:
    return ArticleError(f"{where} is binary", "text", "Leave it out, or save it as text")
