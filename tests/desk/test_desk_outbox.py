"""What came too late goes into the next digest, also for who gets alerts only."""

from datetime import timedelta

import pytest

from bot.payloads import render_alert, render_digest
from digests.store import outbox
from digests.types import DeliveryMode, DeliveryState
from tests.desk.conftest import LAWROW, SCHOLZ
from tests.desk.test_desk_rounds import deliveries, follow, take_in

DAY = timedelta(days=1)


def fold(office, built):
    with built.store.writing() as session:
        return outbox.fold_stale(session, office.clock() - DAY, office.clock(), "telegram:")


@pytest.mark.parametrize("mode", [DeliveryMode.ALERT, DeliveryMode.BOTH])
def test_an_alert_that_came_too_late_is_in_the_next_digest_and_in_that_only(office, opened, mode):
    take_in(office, opened)
    follow(office, opened, mode=mode)
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    opened.desk.rounds.compose_alerts(office.clock(), render_alert)
    assert [row.kind for row in deliveries(opened)] == ["alert"]
    office.clock.forward(days=1)
    assert fold(office, opened) == 1
    office.clock.forward(days=1)
    office.write("b.txt", LAWROW)
    take_in(office, opened)
    opened.desk.rounds.compose_due(office.clock(), render_digest)
    opened.desk.rounds.compose_alerts(office.clock(), render_alert)
    rows = deliveries(opened)
    told = [row for row in rows if row.state == DeliveryState.PENDING]
    assert [row.kind for row in told if "Waffenruhe" in row.payload["text"]] == ["digest"]
    assert sum("Lawrow" in row.payload["text"] for row in told) == 1
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0
    assert len(deliveries(opened)) == len(rows)
