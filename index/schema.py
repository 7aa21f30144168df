"""The tables of a library file, format by format."""

from __future__ import annotations

APPLICATION = 0x464E4F54  # "FNOT"
FORMAT = 4

_COUNTED_WORDS = """
CREATE VIRTUAL TABLE {0}words USING fts5 (title, date, body, tokenize = "unicode61 remove_diacritics 0 tokenchars '.'");
CREATE VIRTUAL TABLE {0}word_counts USING fts5vocab ({0}words, 'row');
"""
WORDS, OLD_WORDS = _COUNTED_WORDS.format(""), _COUNTED_WORDS.format("old_")

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
_VERSIONS = f"""
ALTER TABLE articles ADD COLUMN since TEXT NOT NULL DEFAULT '';
UPDATE articles SET since = coalesce(published, '');
CREATE INDEX articles_by_since ON articles (since);
CREATE TABLE old_articles (
    number INTEGER PRIMARY KEY,
    current INTEGER NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    published TEXT,
    published_from TEXT NOT NULL,
    origin TEXT NOT NULL,
    author TEXT NOT NULL,
    pages TEXT NOT NULL,
    digest TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL
);
CREATE INDEX old_articles_by_current ON old_articles (current);
CREATE INDEX old_articles_by_id ON old_articles (id);
CREATE TABLE old_passages (
    number INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES old_articles (number) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    vector BLOB NOT NULL
);
CREATE INDEX old_passages_by_article ON old_passages (article);
{OLD_WORDS}
"""
_FAMILIES = """
CREATE TABLE families (
    article INTEGER PRIMARY KEY,
    family INTEGER NOT NULL
);
CREATE INDEX families_of_several ON families (family) WHERE family != article;
CREATE TABLE bands (
    hash INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (hash, article)
) WITHOUT ROWID;
INSERT INTO settings SELECT 'uncompared', max(number) FROM articles GROUP BY '';
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

_FILES_READ = """
CREATE TABLE read_files (
    number INTEGER PRIMARY KEY,
    file TEXT NOT NULL UNIQUE,
    stamp TEXT NOT NULL,
    readers TEXT NOT NULL,
    whole INTEGER NOT NULL
);
CREATE TABLE file_articles (
    file INTEGER NOT NULL REFERENCES read_files (number) ON DELETE CASCADE,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    gone INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (file, article)
) WITHOUT ROWID;
CREATE INDEX file_articles_by_article ON file_articles (article);
CREATE INDEX file_articles_gone ON file_articles (file) WHERE gone;
"""

UPGRADES = {1: _CONVERSATIONS, 2: _UPKEEP, 3: _VERSIONS + _FAMILIES + _FILES_READ + _JUDGEMENTS}
"""What makes each format the next one. Passage numbers are never given twice: index/live_index.py counts on it."""


def statements(script: str) -> list[str]:
    """Give the statements of a script, to be run one by one inside a transaction."""
    return [statement for statement in script.split(";") if statement.strip()]


def whole() -> list[str]:
    """Give the statements that make the present format: the first one, and every upgrade."""
    return statements(_FIRST + "".join(UPGRADES.values()))
