"""The language of a text, cheaply: by its script, and by which language's commonest words it holds most of."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_COMMON = {
    name: frozenset(words.split())
    for name, words in {
        "Danish or Norwegian": "og i det at en den til er som på de med han av for ikke der var har et jeg ikke",
        "Dutch": "de het een van en in is dat op te zijn met voor niet aan er om ook als maar",
        "English": "the of and to in a is was that for it with as on be at by this from are",
        "Finnish": "ja on ei se että hän oli mutta kun niin myös joka ovat tai mukaan ole ollut",
        "French": "le la les des et en un une du est que dans qui pour au il sur pas par plus",
        "German": "der die und das in den von zu mit sich des auf für ist im dem nicht ein eine als",
        "Italian": "il di che la e in un per una non con del della sono le da gli al dei nel",
        "Polish": "w i na z się nie do że o jest to od po jak przez za dla ale oraz są",
        "Portuguese": "o de que e do da em um para com não uma os no se na por mais as dos",
        "Spanish": "el la de que y en los del se las por un para con no una su al lo es",
        "Swedish": "och att det i en som på är av för den med till inte har de om ett han var",
        "Turkish": "ve bir bu da de için ile olarak daha çok gibi olan ama kadar sonra var değil ne en o",
    }.items()
}
_SCRIPTS = {
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "CJK": "Chinese",
    "CYRILLIC": "in Cyrillic letters",
    "ARABIC": "in Arabic letters",
    "GREEK": "Greek",
    "HEBREW": "Hebrew",
    "DEVANAGARI": "in Devanagari letters",
    "THAI": "Thai",
}
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 0.08
"""Share of a text's words that must be among the commonest of its language."""


def language(text: str) -> str:
    """Name the language of a text, or its script where that is all that is known; "unknown" otherwise."""
    scripts = Counter(unicodedata.name(char, "").partition(" ")[0] for char in text if char.isalpha())
    if not scripts:
        return "unknown"
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > scripts.total() / 20:
        return "Japanese"
    script, _ = scripts.most_common(1)[0]
    if script != "LATIN":
        return _SCRIPTS.get(script, "unknown")
    words = [word.lower() for word in _WORD.findall(text)]
    shares = {name: sum(word in common for word in words) / len(words) for name, common in _COMMON.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _LEAST else "unknown"
