"""A search within a filter asks the full-text index once, not anew for each item."""

from sqlalchemy import event

from digests.store import archive
from digests.types import PartialDate


def test_the_index_is_not_asked_for_each_item_of_a_filter(store):
    seen = []
    with store.reading() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: seen.append(given[2:4]))
        within = archive.Filter((), "", PartialDate(2024), None)
        archive.search(session, [["handel"]], 10, archive.filtered(session, within))
        statement, given = next(one for one in seen if "MATCH" in one[0])
        plan = list(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given))
    (scan,) = [row[3] for row in plan if "VIRTUAL TABLE" in row[3]]
    assert "=" not in scan, scan  # else an id is given to it, and thousands of ids one by one
