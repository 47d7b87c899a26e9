"""The errors of the library: one base with a code and parameters.

Text for people is made at the edge from ``code`` and ``params``, in the
reader's language; the message here is for logs.
"""

from __future__ import annotations


class DepescheError(Exception):
    """Something a person can act on: ``code`` names it, ``params`` fill in its text."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        details = ", ".join(f"{key}={value!r}" for key, value in params.items())
        super().__init__(f"{code}({details})" if details else code)


class SourceError(DepescheError):
    """A source could not be read: not found, refused, not a feed, too large, undecodable."""


class StoreError(DepescheError):
    """The database cannot be used: locked, read-only, full, damaged, of another version."""


class InputError(DepescheError):
    """What a person typed cannot be used: an unknown zone, a bad time, a name nobody bears."""
