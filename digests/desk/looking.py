"""A look at a feed: what an answer means for it, and how that is written down.

:func:`look_at` reads an answer, outside of any transaction; :func:`write_down` compares many
with what is stored, queues what is new or edited, and notes the feeds' state, in the
caller's transaction.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from digests.errors import SourceError
from digests.polling import Bounds, Hints, Seen, Trouble, entries_a_week, is_failing, next_ask
from digests.sources.canonical import canonical_url
from digests.sources.feed import ParsedFeed, latest, parse_feed
from digests.sources.fetch import Answer, Fetched, Fresh, Gone, NotModified, Retry, redact
from digests.sources.page import is_teaser
from digests.store import Session, chats, inbox, polls
from digests.store.inbox import Entry, entry_digest
from digests.store.polls import Poll
from digests.types import Draft, NoticeKind, Target, TargetKind

log = logging.getLogger(__name__)

_OLD_NEWS: Final = timedelta(days=2)
"""At the first pass over a source, what is older (or undated) is archive, not news."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a feed's answer holds.

    ``answer`` is None where the feed could not be had, and ``error`` then says why. ``parsed`` is
    None, too, where nothing changed; ``entries`` are its entries, oldest first, with the canonical
    addresses that name one of them alone.
    """

    poll: Poll
    answer: Fetched | None = None
    error: SourceError | None = None
    body_digest: str | None = None
    parsed: ParsedFeed | None = None
    entries: tuple[Draft, ...] = ()
    canonicals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """How feeds are polled: bounds of the waits, and whether teasers' pages are wanted."""

    bounds: Bounds
    chance: Callable[[], float]
    full_text: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """How many feeds changed or failed, and how many entries were queued."""

    changed: int = 0
    failed: int = 0
    queued: int = 0


def look_at(poll: Poll, answer: Fetched | SourceError, now: datetime) -> Look:
    """Read an answer; whatever a body does to the parser is that feed's trouble alone."""
    if isinstance(answer, SourceError):
        return Look(poll, error=answer)
    if isinstance(answer, Retry):
        return Look(poll, answer, SourceError("retry", reason=answer.reason))
    if isinstance(answer, Gone):
        return Look(poll, answer, SourceError("gone", url=redact(poll.source.location)))
    if isinstance(answer, NotModified):
        return Look(poll, answer)
    digest = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
    if digest == poll.body_digest:
        return Look(poll, answer, body_digest=digest)
    try:
        parsed = parsed_of(answer, now)
    except SourceError as error:
        return Look(poll, error=error)
    # Feeds list the newest first: taken in the other way round, later is newer.
    entries = tuple(reversed(latest(parsed.entries)))
    canonicals = canonical_addresses(entries, parsed.link)
    # The body was read: it is not kept while others are waited for.
    return Look(poll, replace(answer, body=b""), None, digest, parsed, entries, canonicals)


def parsed_of(answer: Fresh, now: datetime) -> ParsedFeed:
    """The feed that an answer holds. Raises SourceError, and nothing else whatever the bytes."""
    try:
        return parse_feed(answer.body, url=answer.final_url, headers=answer.headers, now=now)
    except SourceError:
        raise
    except Exception as error:
        log.exception("%s: could not be parsed", redact(answer.final_url))
        raise SourceError("not_a_feed", reason=type(error).__name__) from error


def canonical_addresses(entries: Sequence[Draft], link: str | None) -> dict[str, str]:
    """The canonical addresses of entries, by key, as far as they name one entry alone.

    Some sites give every entry the same link, or that of the feed: those name nothing.
    """
    found = {one.key: known for one in entries if one.url and (known := canonical_url(one.url))}
    often = Counter(found.values())
    front = canonical_url(link) if link else None
    return {key: known for key, known in found.items() if often[known] == 1 and known != front}


def write_down(session: Session, looks: Sequence[Look], rules: Rules, now: datetime) -> Written:
    """Queue what the looks brought and note how the feeds fare; removed feeds are left alone."""
    asked = polls.still_asked(session, [look.poll.source.id for look in looks])
    looks = [look for look in looks if look.poll.source.id in asked]
    moves = _moves(session, looks)
    changes: list[tuple[int, Mapping[str, object]]] = []
    fresh: list[tuple[int, Entry]] = []
    stale: list[tuple[int, str]] = []
    changed = failed = 0
    for look in looks:
        source = look.poll.source
        place, holder = moves.get(source.id, (source.location, None))
        if look.error is not None:
            failed += 1
            changes.append((source.id, _in_trouble(look, rules, now)))
        elif holder is not None:
            # That is the same feed: it is asked there, and its entries come from there.
            chats.move_followers(session, _target(source.id), _target(holder))
            changes.append((source.id, _moved(place, now)))
        else:
            new, waiting = _new_entries(session, look, rules, now)
            changed += bool(new)
            fresh += [(source.id, one) for one in new]
            stale += [(source.id, key) for key in waiting]
            columns = _answered(look, new, rules, now) | {"location": place}
            changes.append((source.id, columns))
    inbox.queue(session, now, fresh, stale)
    polls.note(session, changes)
    return Written(changed, failed, len(fresh))


def _moves(session: Session, looks: Sequence[Look]) -> dict[int, tuple[str, int | None]]:
    """Where feeds moved for good, and which feed is there already.

    None moves to the address of a retired feed, nor two to one address at once.
    """
    wanted: dict[str, int] = {}
    for look in looks:
        moved = look.answer.permanent_url if look.answer and look.error is None else None
        if moved and moved != look.poll.source.location:
            wanted.setdefault(moved, look.poll.source.id)
    there = polls.holders(session, list(wanted)) if wanted else {}
    moves: dict[int, tuple[str, int | None]] = {}
    for place, source_id in wanted.items():
        holder, retired = there.get(place, (None, False))
        if not retired and holder != source_id:
            moves[source_id] = place, holder
    return moves


def _moved(place: str, now: datetime) -> dict[str, object]:
    """The columns of a feed that another one stands for."""
    return {
        "retired": True,
        "next_due_at": None,
        "last_asked_at": now,
        "error_code": "moved",
        "error_params": {"url": redact(place)},
    }


def _target(source_id: int) -> Target:
    return Target(TargetKind.FEED, str(source_id))


def _new_entries(
    session: Session, look: Look, rules: Rules, now: datetime
) -> tuple[list[Entry], list[str]]:
    """The entries that are new or edited, and the keys of those of them that wait already."""
    source, parsed = look.poll.source, look.parsed
    if parsed is None:
        return [], []
    known = inbox.known(session, source.id, [one.key for one in look.entries])
    language = source.language or parsed.language
    first_pass = not source.taken_in_once
    new, waiting = [], []
    for draft in look.entries:
        digest = entry_digest(draft)
        before = known.get(draft.key)
        if before is not None and before.digest == digest:
            continue
        if before is not None and before.waiting:
            waiting.append(draft.key)
        first = before.first_pass if before and before.waiting else first_pass and before is None
        entry = Entry(
            draft if draft.language or language is None else replace(draft, language=language),
            digest,
            look.canonicals.get(draft.key),
            first_pass=first,
            backlog=first and is_old(draft, now),
            page_wanted=rules.full_text and is_teaser(draft),
        )
        new.append(entry)
    return new, waiting


def is_old(draft: Draft, now: datetime) -> bool:
    """Whether a report that the first pass over a source brings is too old to be news."""
    return draft.published.at is None or draft.published.at < now - _OLD_NEWS


def _answered(look: Look, new: Sequence[Entry], rules: Rules, now: datetime) -> dict[str, object]:
    """The columns of a feed that answered."""
    poll, source, parsed = look.poll, look.poll.source, look.parsed
    answer: Answer | None = look.answer
    assert answer is not None
    ttl = parsed.interval if parsed else poll.ttl
    ask = next_ask(
        poll.history,
        Seen(tuple(one.draft.published.at for one in new)),
        now=now,
        chance=rules.chance(),
        hints=Hints(ttl, answer.fresh_for),
        bounds=rules.bounds,
    )
    # A 304 need not repeat its validators: those known stay valid (RFC 9110, 15.4.5).
    same = isinstance(answer, NotModified)
    columns: dict[str, object] = {
        "etag": answer.etag or (source.etag if same else None),
        "last_modified": answer.last_modified or (source.last_modified if same else None),
        "last_asked_at": now,
        "last_success_at": now,
        "next_due_at": ask.due_at,
        "interval": round(ask.interval.total_seconds()),
        "changes": ask.history.changes,
        "watched": ask.history.watched.total_seconds(),
        "failures": 0,
        "failing_since": None,
        "failing_told": False,
        "notice": None,
        "error_code": None,
        "error_params": None,
    }
    if parsed is not None:
        dates = [at for one in look.entries if (at := one.published.at) is not None]
        columns |= {
            "taken_in_once": True,
            "body_digest": look.body_digest,
            "ttl": round(ttl.total_seconds()) if ttl else None,
            "weekly": entries_a_week(dates, now),
            "language": source.language or parsed.language,
            # Until somebody says what it is called, a feed is named by its address.
            "name": (source.name == redact(source.location) and parsed.title) or source.name,
        }
    return columns


def _in_trouble(look: Look, rules: Rules, now: datetime) -> dict[str, object]:
    """The columns of a feed that could not be had, or is gone."""
    poll, error = look.poll, look.error
    assert error is not None
    after = look.answer.after if isinstance(look.answer, Retry) else None
    ask = next_ask(
        poll.history,
        Trouble(timedelta(seconds=after) if after is not None else None),
        now=now,
        chance=rules.chance(),
        bounds=rules.bounds,
    )
    history = ask.history
    columns: dict[str, object] = {
        "last_asked_at": now,
        "next_due_at": ask.due_at,
        "failures": history.failures,
        "failing_since": history.failing_since,
        "error_code": error.code,
        "error_params": {key: str(value) for key, value in error.params.items()},
    }
    if isinstance(look.answer, Gone):
        return columns | {"retired": True, "next_due_at": None, "notice": NoticeKind.GONE}
    if not poll.failing_told and is_failing(history.failures, history.failing_since, now):
        columns |= {"failing_told": True, "notice": NoticeKind.FAILING}
    return columns
