"""Report files in a folder: which are new or changed, and what they say.

:func:`read_folder` walks a folder and :func:`read_file` reads one file; both
give :class:`FolderChange` values and compare with the fingerprints of what was
taken in before. A bad file, or a bad line of a ``.jsonl``, is an error value and
hinders no other.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from digests.errors import SourceError
from digests.sources.clean import CleanReport, clean_report
from digests.sources.dates import parse_date
from digests.sources.text import (
    Declared,
    decode,
    fold,
    language_code,
    read_page,
    source_name,
    tidy,
    web_address,
)
from digests.types import UNDATED, Draft, Precision, Published

SUFFIXES = frozenset({".txt", ".md", ".html", ".htm", ".jsonl"})
MAX_REPORT_BYTES = 4 * 2**20
_HIDDEN = (".", "~")


@dataclass(frozen=True, slots=True)
class FolderChange:
    """What became of one file, or of one line of a ``.jsonl`` file.

    ``key`` is the path relative to the folder, POSIX style; for a line, with
    ``#`` and the line's id or number. ``fingerprint`` is to be remembered under
    the key once ``outcome`` is dealt with, unless it is empty. ``outcome`` is
    a draft, an error, or None where there is nothing to do but remember.
    """

    key: str
    fingerprint: str
    outcome: Draft | SourceError | None


def read_folder(
    path: Path, known: Mapping[str, str], *, zone: tzinfo, max_bytes: int = MAX_REPORT_BYTES
) -> Iterator[FolderChange]:
    """Yield what is new or changed in a folder and below it, sorted by path.

    ``known`` maps keys to the fingerprints of earlier changes. A file whose size and time are
    known costs a stat and yields nothing; one that was merely touched yields a
    change without outcome. Left out: files of other kinds than SUFFIXES, hidden and temporary
    files and folders, links that lead out of the folder, links to folders, and what
    is no regular file. ``zone`` is for dates without a zone; ``max_bytes`` bounds
    a report, which is a file or a line of ``.jsonl``.

    The changes of a ``.jsonl`` end with one for the file itself: not until that is
    remembered is the file skipped, so a reader that stops half way loses nothing.

    Raises SourceError ``unreadable`` if the folder itself cannot be read. A folder
    or file in it that cannot be is an error value with an empty fingerprint: it
    is tried again each time.
    """
    root = Path(path)
    try:
        os.scandir(root).close()
    except OSError as error:
        raise _unreadable(str(root), error) from error
    yield from _walk(root, root, known, zone, max_bytes)


def read_file(
    path: Path,
    *,
    zone: tzinfo,
    known: Mapping[str, str] | None = None,
    root: Path | None = None,
    max_bytes: int = MAX_REPORT_BYTES,
) -> Iterator[FolderChange]:
    """Yield the changes of a single file, as :func:`read_folder` does.

    Its key is relative to ``root`` if it lies there, else its absolute path. A file of
    an unknown kind is read as text.
    """
    path = Path(path)
    absolute = path.absolute()
    if root is not None and absolute.is_relative_to(root.absolute()):
        key = _key(absolute.relative_to(root.absolute()))
    else:
        key = _key(absolute)
    yield from _read(path, key, known or {}, zone, max_bytes)


def _walk(
    folder: Path, root: Path, known: Mapping[str, str], zone: tzinfo, max_bytes: int
) -> Iterator[FolderChange]:
    try:
        with os.scandir(folder) as found:
            # Sorted as whole paths are: 'a.txt' stands before what is in 'a/'.
            entries = sorted(
                found, key=lambda entry: entry.name + "/" * entry.is_dir(follow_symlinks=False)
            )
    except OSError as error:
        key = _key(folder.relative_to(root))
        yield FolderChange(key, "", _unreadable(key, error))
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith(_HIDDEN):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, root, known, zone, max_bytes)
        elif path.suffix.lower() in SUFFIXES and _is_within(path, root):
            yield from _read(path, _key(path.relative_to(root)), known, zone, max_bytes)


def passed_over(folder: Path) -> Counter[str]:
    """Count the files in a folder and below it that are never read, by their suffix ('.pdf')."""
    found: Counter[str] = Counter()
    for _, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(_HIDDEN)]
        found.update(Path(name).suffix.lower() for name in names if not name.startswith(_HIDDEN))
    return found - Counter({suffix: found[suffix] for suffix in SUFFIXES})


def _is_within(path: Path, root: Path) -> bool:
    """Whether a file, if it is a link, leads to a file below the folder."""
    try:
        if not path.is_symlink():
            return stat.S_ISREG(path.stat().st_mode)
        target = path.resolve(strict=True)
        return target.is_file() and target.is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # gone by now, or a loop of links
        return False


def _key(path: Path) -> str:
    # A name may hold bytes that are no UTF-8; a key must be storable text.
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def _unreadable(name: str, error: OSError) -> SourceError:
    return SourceError("unreadable", path=name, reason=error.strerror or type(error).__name__)


# --- one file ---------------------------------------------------------------


def _read(
    path: Path, key: str, known: Mapping[str, str], zone: tzinfo, max_bytes: int
) -> Iterator[FolderChange]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield FolderChange(key, "", SourceError("unreadable", path=key, reason="not a file"))
            return
        stamp = f"{status.st_size}-{status.st_mtime_ns}-"
        before = known.get(key, "")
        if before.startswith(stamp):
            return
        if path.suffix.lower() == ".jsonl":
            yield from _read_lines(path, key, known, zone, max_bytes)
            yield FolderChange(key, stamp, None)
            return
        if status.st_size > max_bytes:
            error = SourceError("too_large", path=key, limit=max_bytes)
            yield FolderChange(key, stamp, error)
            return
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        yield FolderChange(key, "", _unreadable(key, error))
        return
    digest = _digest(data)
    if before.rpartition("-")[2] == digest:
        yield FolderChange(key, stamp + digest, None)
        return
    yield FolderChange(key, stamp + digest, _draft(data, path.suffix.lower(), key, zone))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _draft(data: bytes, suffix: str, key: str, zone: tzinfo) -> Draft | SourceError:
    try:
        if suffix in {".html", ".htm"}:
            page = read_page(data, zone=zone)
            report = clean_report(page.text, zone=zone, declared=page.declared)
        else:
            report = clean_report(decode(data), zone=zone)
    except SourceError as error:
        return SourceError(error.code, path=key, **error.params)
    if report.published == UNDATED:
        report = replace(report, published=_date_in(PurePosixPath(key).name))
    return _of_report(report, key)


_DATE_IN_NAME = re.compile(
    r"(?<![^\W_])(?P<year>(?:19|20)\d\d)([-_.]?)(?P<month>\d\d)\2(?P<day>\d\d)(?![^\W_])"
)


def _date_in(name: str) -> Published:
    """The day in the name of a file: '2022-01-25 Beispielblatt.txt', '20220125_1.txt'."""
    found = {
        parse_date(f"{match['year']}-{match['month']}-{match['day']}", zone=UTC)
        for match in _DATE_IN_NAME.finditer(name)
    } - {UNDATED}
    return found.pop() if len(found) == 1 else UNDATED


def _of_report(report: CleanReport, key: str) -> Draft | SourceError:
    return report.draft(key) if report.text else SourceError("empty", path=key)


# --- JSON Lines -------------------------------------------------------------

_FIELDS = {
    "title": ("title", "titel", "headline"),
    "text": ("text", "content", "body"),
    "date": ("date", "published", "pubdate", "published_at", "datum"),
    "url": ("url", "link"),
    "id": ("id",),
    "language": ("lang", "language", "sprache"),
    "outlet": ("source", "outlet", "quelle"),
}


def _read_lines(
    path: Path, key: str, known: Mapping[str, str], zone: tzinfo, max_bytes: int
) -> Iterator[FolderChange]:
    times_seen: dict[str, int] = {}
    with path.open("rb") as file:
        number = 0
        while line := file.readline(max_bytes + 1):
            number += 1
            if len(line) > max_bytes and not line.endswith(b"\n"):
                size = _skip_line(file)
                line_key = f"{key}#{number}"
                fingerprint = f"{max_bytes + 1 + size}-{_digest(line)}"
                outcome: Draft | SourceError = SourceError(
                    "too_large", path=key, line=number, limit=max_bytes
                )
            elif not line.strip(b" \t\r\n\xef\xbb\xbf\x00"):
                continue
            else:
                fields = _fields(line, key, number)
                line_key = f"{key}#{_line_id(fields, number)}"
                times_seen[line_key] = times_seen.get(line_key, 0) + 1
                if times_seen[line_key] > 1:  # an id used twice in a file loses no report
                    line_key = f"{line_key}#{times_seen[line_key]}"
                fingerprint = _digest(line.rstrip(b"\r\n"))
                if known.get(line_key) == fingerprint:
                    continue
                outcome = _line_draft(fields, line_key, number, zone)
            if known.get(line_key) != fingerprint:
                yield FolderChange(line_key, fingerprint, outcome)


def _skip_line(file: BinaryIO) -> int:
    """Read on to the end of an overlong line without keeping it; how many bytes that was."""
    size = 0
    while chunk := file.readline(2**16):
        size += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return size


def _fields(line: bytes, key: str, number: int) -> Mapping[str, object] | SourceError:
    try:
        value = json.loads(decode(line))
    except SourceError as error:
        return SourceError(error.code, path=key, line=number)
    except (ValueError, RecursionError):
        return SourceError("unreadable", path=key, line=number, reason="no JSON")
    if not isinstance(value, dict):
        return SourceError("unreadable", path=key, line=number, reason="no JSON object")
    lower = {str(name).lower(): content for name, content in value.items()}
    found: dict[str, object] = {}
    for field, names in _FIELDS.items():
        found[field] = next((lower[name] for name in names if lower.get(name)), "")
    return found


def _line_id(fields: Mapping[str, object] | SourceError, number: int) -> str:
    own = "" if isinstance(fields, SourceError) else fields["id"]
    return fold(str(own)) if isinstance(own, str | int) and fold(str(own)) else str(number)


def _line_draft(
    fields: Mapping[str, object] | SourceError, key: str, number: int, zone: tzinfo
) -> Draft | SourceError:
    if isinstance(fields, SourceError):
        return fields
    declared = Declared(
        title=_string(fields["title"]),
        published=_date(fields["date"], zone),
        language=language_code(_string(fields["language"])),
        url=web_address(_string(fields["url"])),
        outlet=source_name(_string(fields["outlet"])) or None,
    )
    report = clean_report(tidy(_string(fields["text"])), zone=zone, declared=declared)
    outcome = _of_report(report, key)
    if isinstance(outcome, SourceError):
        return SourceError(outcome.code, path=key, line=number)
    return outcome


def _string(value: object) -> str:
    """A field as text; a list of strings is paragraphs, an object its 'name'."""
    if isinstance(value, list):
        return "\n\n".join(part for part in value if isinstance(part, str))
    if isinstance(value, dict):
        value = value.get("name")
    return value if isinstance(value, str) else ""


_FIRST_MILLISECONDS = 10**11  # as seconds, that is the year 5138


def _date(value: object, zone: tzinfo) -> Published:
    if isinstance(value, str):
        return parse_date(value, zone=zone)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 1900 <= value <= 2100:
            return Published.on(int(value))
        seconds = value / 1000 if value >= _FIRST_MILLISECONDS else value
        try:
            return Published(datetime.fromtimestamp(seconds, UTC), Precision.MINUTE)
        except (ValueError, OverflowError, OSError):
            return UNDATED
    return UNDATED
