"""Every error that Footnote raises on purpose.

    FootnoteError
    ├── ArticleError        a file or record that cannot become an article
    │   └── FetchError      an address that cannot be fetched
    ├── FolderError         a folder that cannot be followed
    ├── QuestionError       a question that cannot be asked
    ├── ModelError          an encoder that cannot be loaded
    └── LibraryError        a library that cannot be opened or written
        ├── LibraryMissing
        ├── LibraryEmpty
        ├── LibraryMismatch     another model, or a newer format
        ├── LibraryUnwritable
        │   └── LibraryBusy     by another program, for now
        └── LibraryDamaged
            └── WordsDamaged    the word index alone, which can be made again

The page and the command line show the message of these and nothing else; any
other exception is a bug and traces.
"""


class FootnoteError(Exception):
    """Say what was found, what was expected and what to do about it."""

    def __init__(self, found: str, expected: str, remedy: str) -> None:
        self.found = found
        self.expected = expected
        self.remedy = remedy
        super().__init__(f"{found}; expected {expected}. {remedy}.")


class ArticleError(FootnoteError):
    """A file or record cannot become an article."""


class FetchError(ArticleError):
    """An address cannot be fetched, or must not be."""


class FolderError(FootnoteError):
    """A folder cannot be followed: it is gone, empty all at once, or cannot be read."""


class QuestionError(FootnoteError):
    """A question cannot be asked."""


class ModelError(FootnoteError):
    """An encoder cannot be loaded, or is not the file it should be."""


class LibraryError(FootnoteError):
    """A library cannot be opened or written."""


class LibraryMissing(LibraryError):
    """There is no library at the path."""


class LibraryEmpty(LibraryError):
    """The library holds no article yet."""


class LibraryMismatch(LibraryError):
    """The library was made with another model or by a newer version."""


class LibraryUnwritable(LibraryError):
    """The library cannot be written: read-only, locked, or the disk is full."""


class LibraryBusy(LibraryUnwritable):
    """Another program is writing the library, or wrote the same just now; later it can be written."""


class LibraryDamaged(LibraryError):
    """The library's database is not one, or is broken."""


class WordsDamaged(LibraryDamaged):
    """The library's word index is broken; the articles it is made from may be whole."""
