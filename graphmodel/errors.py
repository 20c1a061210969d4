"""Errors that a person can act on; only the command line turns them into one line."""


class LiantuError(Exception):
    """Base of every error raised on purpose: a full sentence with value, choices and next step."""


class SourceError(LiantuError):
    """A source cannot be opened at all: missing, unreadable, encrypted or a decompression bomb."""


class UsageError(LiantuError):
    """What was asked for does not exist or contradicts itself: an unknown chain, a bad option."""


class OutputError(LiantuError):
    """An output cannot be written: it exists already, or its folder cannot be made."""
