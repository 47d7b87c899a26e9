"""Two at once: processes and threads that do the same at the same moment get in nobody's way."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

from digests.desk import Defaults, Following
from digests.store import chats, open_store
from digests.types import DeliveryMode, Target, TargetKind

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
SAME = 6


def at_once(tmp_path, work):
    """Run ``work`` in several threads, each with a store of its own, as processes have; results."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    first = open_store(url)
    first.migrate()
    first.close()
    barrier = threading.Barrier(SAME)

    def run(_number):
        with closing(open_store(url)) as store:
            following = Following(store, Defaults())
            barrier.wait()
            return work(following, barrier)

    with ThreadPoolExecutor(SAME) as pool:
        return list(pool.map(run, range(SAME)))


def test_a_new_chat_that_asks_twice_at_once_is_one_chat(tmp_path, monkeypatch):
    """Whoever did not find it finds it when its turn to write has come."""
    seen = chats.chat_at
    looked = threading.Barrier(SAME)
    waited = threading.local()

    def looked_at(session, address):
        found = seen(session, address)
        if not getattr(waited, "once", False):  # all look before the first one writes
            waited.once = True
            looked.wait()
        return found

    monkeypatch.setattr(chats, "chat_at", looked_at)
    results = at_once(tmp_path, lambda following, _barrier: following.chat("telegram:1", NOW))
    assert len({one.id for one in results}) == 1


def test_the_same_wish_at_once_is_one_subscription(tmp_path):
    def work(following, barrier):
        chat = following.chat("telegram:1", NOW)
        barrier.wait()
        return following.subscribe(
            chat, 0, Target(TargetKind.ACTOR, "nato"), DeliveryMode.DIGEST, NOW
        )

    assert sorted(at_once(tmp_path, work)) == [False] * (SAME - 1) + [True]
