"""The tables of a library file, format by format."""

from __future__ import annotations

APPLICATION = 0x464E4F54  # "FNOT"
FORMAT = 4

WORDS = """
CREATE VIRTUAL TABLE words USING fts5 (title, date, body, tokenize = "unicode61 remove_diacritics 0 tokenchars '.'");
CREATE VIRTUAL TABLE word_counts USING fts5vocab (words, 'row');
"""

_FIRST = f"""
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    published TEXT,
    published_from TEXT NOT NULL,
    origin TEXT NOT NULL
);
CREATE INDEX articles_by_origin ON articles (origin);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    terms INTEGER NOT NULL,
    vector BLOB NOT NULL
);
CREATE INDEX passages_by_article ON passages (article);
{WORDS}
"""
_CONVERSATIONS = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    started TEXT NOT NULL,
    changed TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (conversation, number)
) WITHOUT ROWID;
"""
_UPKEEP = """
ALTER TABLE articles ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN pages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE articles ADD COLUMN digest TEXT NOT NULL DEFAULT '';
CREATE TABLE failures (file TEXT PRIMARY KEY, reasons TEXT NOT NULL, noted TEXT NOT NULL) WITHOUT ROWID;
"""

_JUDGEMENTS = """
CREATE TABLE judgements (
    conversation TEXT NOT NULL,
    turn INTEGER NOT NULL,
    body TEXT NOT NULL,
    made TEXT NOT NULL,
    PRIMARY KEY (conversation, turn)
) WITHOUT ROWID;
"""

UPGRADES = {1: _CONVERSATIONS, 2: _UPKEEP, 3: _JUDGEMENTS}
"""What makes each format the next one. Passage numbers are never given twice: index/live_vectors.py counts on it."""


def statements(script: str) -> list[str]:
    """Give the statements of a script, to be run one by one inside a transaction."""
    return [statement for statement in script.split(";") if statement.strip()]


def whole() -> list[str]:
    """Give the statements that make the present format: the first one, and every upgrade."""
    return statements(_FIRST + "".join(UPGRADES.values()))
