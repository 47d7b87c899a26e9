"""What ``depesche outbox`` says and does: messages that wait for the operator.

Telegram refused them for good, or they were perhaps sent. They are sent once
more, or given up, as the operator says.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime

from bot.texts import Texts
from digests.store import Store, outbox
from digests.store.outbox import Parked
from digests.types import DeliveryState


def parked(store: Store) -> list[Parked]:
    """What waits for the operator, newest first."""
    with store.reading() as session:
        return outbox.parked(session)


def listing(found: Collection[Parked], t: Texts, *, payloads: bool = False) -> Iterator[str]:
    """Some lines a message: number, what and for whom, since when, why, and how it begins.

    With ``payloads`` all that was to be sent, as JSON.
    """
    if not found:
        yield t("Nothing is parked.")
    for one in found:
        delivery = one.delivery
        doubtful = one.state is DeliveryState.DOUBTFUL
        state = t("perhaps sent") if doubtful else t("refused for good")
        since = f" {one.settled_at:%Y-%m-%d %H:%M}Z" if one.settled_at else ""
        yield f"{delivery.id}. {delivery.key} → {delivery.address}: {state}{since}"
        if delivery.error:
            yield f"   {' '.join(delivery.error.split())}"
        if payloads:
            yield json.dumps(delivery.payload, ensure_ascii=False, indent=2)
        else:
            yield f"   {_beginning(str(delivery.payload.get('text', '')))}"


def retry(store: Store, ids: Collection[int], now: datetime, t: Texts) -> tuple[str, bool]:
    """Send them once more; the words, and whether all of them were parked."""
    with store.writing() as session:
        number = outbox.retry_parked(session, ids, now)
    return t.plural("{n} message is sent again", "{n} messages are sent again", number), (
        number == len(set(ids))
    )


def drop(store: Store, ids: Collection[int], now: datetime, t: Texts) -> tuple[str, bool]:
    """Give them up; the words, and whether all of them were parked."""
    with store.writing() as session:
        number = outbox.drop_parked(session, ids, now)
    return t.plural("{n} message is given up", "{n} messages are given up", number), (
        number == len(set(ids))
    )


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:79]}…"
