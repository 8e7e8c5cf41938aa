"""Every deliberate error. Their messages are written for the user.

The command line prints the message and exits 1, the chat shows it; any other exception is a bug
and keeps its traceback.

StatementsError
├── SeedsError            the seeds folder, or a file in it, cannot be used as it is
│   ├── UnreadableFileError one file cannot be read; the rest can
│   │   └── ScannedFileError    it holds images of pages and no text
│   └── MetadataError       a sidecar or front matter says something that cannot be meant
├── ModelError            a model is missing, or is not the one whose checksum we know
├── IndexStoreError       the index on disk cannot be opened or written
│   ├── NoIndexError      there is none yet
│   ├── DamagedIndexError what is there is not what was written
│   ├── ModelMismatchError it was built with another embedder than the one asked with
│   └── IndexBusyError    another build holds the lock
├── QuestionError         a question, filter or option cannot be understood
├── ChecksError           a checks file or a benchmark folder is malformed
└── ReceiptError          a file of earlier answers is none
"""


class StatementsError(Exception):
    """Base of every error whose message is meant for the user."""


class SeedsError(StatementsError):
    """The seeds folder, or a file in it, cannot be used as it is."""


class UnreadableFileError(SeedsError):
    """One file cannot be read; the others can."""


class ScannedFileError(UnreadableFileError):
    """A file holds images of its pages and no text: only OCR can read it."""


class MetadataError(SeedsError):
    """A sidecar or front matter holds a value that cannot be meant."""


class ModelError(StatementsError):
    """A model is missing, or is not the one whose checksum we know."""


class IndexStoreError(StatementsError):
    """The index on disk cannot be opened or written."""


class NoIndexError(IndexStoreError):
    """There is no index at the given place yet."""


class DamagedIndexError(IndexStoreError):
    """What lies on disk is not what was written there."""


class ModelMismatchError(IndexStoreError):
    """The index was built with another embedder than the one it is asked with."""


class IndexBusyError(IndexStoreError):
    """Another build is writing this index."""


class QuestionError(StatementsError):
    """A question, a filter or an option cannot be understood."""


class ChecksError(StatementsError):
    """A checks file or a benchmark folder is malformed."""


class ReceiptError(StatementsError):
    """A file of earlier answers is none."""
