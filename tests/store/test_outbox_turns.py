"""Threads write in the order in which they asked."""

import threading

import pytest

from digests.errors import StoreError
from digests.store.turns import Turns


def test_who_writes_again_and_again_lets_others_in_between():
    turns, order, ready = Turns(30), [], threading.Barrier(2)

    def greedy():
        with turns.mine():
            ready.wait()
            asked.wait()
        for _ in range(5):
            with turns.mine():
                order.append("greedy")

    def other():
        ready.wait()
        with turns.mine():
            order.append("other")

    asked = threading.Event()
    threads = [threading.Thread(target=one) for one in (greedy, other)]
    for thread in threads:
        thread.start()
    while len(turns._queue) < 2:
        pass
    asked.set()
    for thread in threads:
        thread.join()
    assert order == ["other"] + ["greedy"] * 5


def test_a_turn_that_does_not_come_is_said_and_holds_up_nobody():
    turns = Turns(0.01)
    with turns.mine(), pytest.raises(StoreError) as caught, ThreadedTurn(turns) as one:
        one.join()
        raise one.error
    assert caught.value.code == "locked"
    with turns.mine():
        pass


def test_a_turn_that_fails_is_handed_on():
    turns = Turns(1)
    with pytest.raises(ZeroDivisionError), turns.mine():
        raise ZeroDivisionError
    with turns.mine():
        pass


class ThreadedTurn:
    """Asks for a turn in a thread of its own and keeps the error."""

    def __init__(self, turns):
        self.error = None
        self._turns = turns
        self._thread = threading.Thread(target=self._ask)

    def _ask(self):
        try:
            with self._turns.mine():
                pass
        except StoreError as error:
            self.error = error

    def __enter__(self):
        self._thread.start()
        return self

    def join(self):
        self._thread.join()

    def __exit__(self, *_):
        self._thread.join()
