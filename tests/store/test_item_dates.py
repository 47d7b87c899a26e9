"""The index of dates gives what a look at all items would."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.store import archive
from digests.store.archive.date_rows import drop_dates
from digests.tables import ItemDateRow
from digests.types import (
    Actor,
    ActorKind,
    Draft,
    Event,
    Mention,
    PartialDate,
    Published,
    Reading,
    SourceKind,
    Target,
    TargetKind,
)

DATES = ("2014", "2022-01", "2022-01-21", "2022-03", "2023-05-04")
PEOPLE = ("ada", "tom")
REPORTS = st.lists(
    st.tuples(
        st.sets(st.sampled_from(DATES)),
        st.fixed_dictionaries({one: st.integers(0, 7) for one in PEOPLE}),
        st.booleans(),
    ),
    max_size=9,
)
ADA = Target(TargetKind.ACTOR, "ada")
EVERYTHING = Target(TargetKind.EVERYTHING)


class UndoneError(Exception):
    """Takes back what an example wrote."""


def fill(session, reports, now):
    source = archive.add_source(session, SourceKind.FOLDER, "/r", name="r", now=now)
    archive.ensure_actors(session, [Actor(one, one, ActorKind.PERSON) for one in PEOPLE])
    saved = {}
    for number, (dates, named, published) in enumerate(reports):
        reading = Reading(
            "de",
            mentions=tuple(
                Mention(n, n + 1, ActorKind.PERSON, who)
                for who, count in named.items()
                for n in range(count)
            ),
            events=tuple(Event(0, 1, PartialDate.parse(date), ()) for date in sorted(dates)),
        )
        on = Published.on(2023, 5, 4) if published else Published()
        draft = Draft(key=f"{number}", text="x" * 9, published=on)
        item = archive.save_item(
            session, source.id, draft, reading, "{}", (), now=now, backlog=False
        )
        saved[item.item.id] = dates | ({"2023-05-04"} if published else set())
    return saved


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(reports=REPORTS)
def test_dates_are_counted_and_the_items_that_name_an_actor_most_come_first(store, now, reports):
    with pytest.raises(UndoneError), store.writing() as session:
        saved = fill(session, reports, now)
        named = dict(zip(saved, (one[1] for one in reports), strict=True))
        ada = {item: dates for item, dates in saved.items() if named[item]["ada"]}
        both = {item: dates for item, dates in ada.items() if named[item]["tom"]}
        for also, items in ((None, ada), ("tom", both)):
            ids, told = archive.telling(session, ADA, also=also, dates=9, limit=900)
            assert Counter({str(day): n for day, n in told.items()}) == Counter(
                date for dates in items.values() for date in dates
            )
            assert set(ids) == {item for item, dates in items.items() if dates}
        few, told = archive.telling(session, ADA, dates=9, limit=9)
        for day in told:
            most = max(named[item]["ada"] for item in ada if str(day) in ada[item])
            assert any(str(day) in saved[item] and named[item]["ada"] == most for item in few)
        _, told = archive.telling(session, EVERYTHING, dates=9, limit=900)
        assert sum(told.values()) == sum(map(len, saved.values()))
        raise UndoneError


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2022-01-10", None, {"2022-01", "2022-01-21", "2022-03", "2023-05-04"}),
        (None, "2022-01", {"2014", "2022-01", "2022-01-21"}),
        (None, "2022-01-20", {"2014", "2022-01"}),
        ("2022", "2022", {"2022-01", "2022-01-21", "2022-03"}),
        ("2014-06", "2014-07", {"2014"}),
    ],
)
def test_a_window_keeps_to_its_ends_as_far_as_precision_tells(store, now, since, until, found):
    ends = [PartialDate.parse(end) if end else None for end in (since, until)]
    with store.writing() as session:
        fill(session, [(set(DATES), {"ada": 1}, False)], now)
        _, told = archive.telling(session, ADA, since=ends[0], until=ends[1], dates=9, limit=9)
    assert {str(day) for day in told} == found


def test_dates_go_with_their_item(store, now):
    with store.writing() as session:
        (item,) = fill(session, [({"2014"}, {"ada": 1}, True)], now)
        drop_dates(session, item)
        assert archive.telling(session, ADA, dates=9, limit=9) == ([], {})
        assert session.get(ItemDateRow, (item, "2014")) is None
