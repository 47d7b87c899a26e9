"""The outbox: deliveries on their way. Every function takes the session of a transaction.

What the modules share is in ``rows``; ``queue`` enqueues, claims and settles, ``late`` takes
back what came too late, ``pace`` knows what a restart must not forget, ``settled`` keeps what
nothing more comes of.
"""

from digests.store.outbox.late import any_stale, fold_stale, owe, owed
from digests.store.outbox.pace import claimed, end_leases, hold, holds, sent_since
from digests.store.outbox.queue import (
    ASTRAY,
    DRAFT,
    HEAD_START,
    any_due,
    claim,
    due,
    enqueue,
    give_back,
    park,
    rows_of,
    settle_sent,
    to_group,
)
from digests.store.outbox.rows import DONE, PARKED
from digests.store.outbox.settled import (
    Parked,
    any_old,
    counts,
    drop_parked,
    forget_old,
    parked,
    retry_parked,
)

__all__ = [
    "ASTRAY",
    "DONE",
    "DRAFT",
    "HEAD_START",
    "PARKED",
    "Parked",
    "any_due",
    "any_old",
    "any_stale",
    "claim",
    "claimed",
    "counts",
    "drop_parked",
    "due",
    "end_leases",
    "enqueue",
    "fold_stale",
    "forget_old",
    "give_back",
    "hold",
    "holds",
    "owe",
    "owed",
    "park",
    "parked",
    "retry_parked",
    "rows_of",
    "sent_since",
    "settle_sent",
    "to_group",
]
