"""What was taken in: sources, items in their revisions, actors, stories, topics, full text.

Every function takes the session of a transaction that the caller opened. Items
keep the readings they were taken in with; whoever asks for an actor, or for
reports, is answered as it is under the merges of actors (digests.store.merges).
"""

from digests.store.archive.actor_rows import (
    actor_counts,
    actors,
    actors_in,
    ensure_actors,
    found_actors,
    items_of,
    items_read_with,
    seen_offices,
    sightings,
)
from digests.store.archive.filters import Filter, count_filtered, filtered, newest_filtered
from digests.store.archive.item_rows import (
    Held,
    content_digest,
    count_items,
    held,
    newest_seq,
    note_key,
    reindex,
    save_item,
    set_story,
)
from digests.store.archive.questions import (
    count_matching,
    dates_of,
    item_ids,
    publication_dates,
    reports,
    story_candidates,
    story_items,
    texts,
    wordings,
)
from digests.store.archive.source_rows import (
    add_source,
    due_folders,
    known_files,
    note_file,
    source,
    sources,
    update_source,
)
from digests.store.archive.story_rows import (
    merge_stories,
    split_story,
    standing_story,
    story_by_number,
)
from digests.store.archive.topic_rows import (
    change_topic_items,
    save_topic,
    set_item_topics,
    set_topic_items,
    topic,
    topic_counts,
    topics,
    topics_naming,
)
from digests.store.archive.word_index import (
    actor_frequencies,
    known_stems,
    search,
    stem_frequencies,
)

__all__ = [
    "Filter",
    "Held",
    "actor_counts",
    "actor_frequencies",
    "actors",
    "actors_in",
    "add_source",
    "change_topic_items",
    "content_digest",
    "count_filtered",
    "count_items",
    "count_matching",
    "dates_of",
    "due_folders",
    "ensure_actors",
    "filtered",
    "found_actors",
    "held",
    "item_ids",
    "items_of",
    "items_read_with",
    "known_files",
    "known_stems",
    "merge_stories",
    "newest_filtered",
    "newest_seq",
    "note_file",
    "note_key",
    "publication_dates",
    "reindex",
    "reports",
    "save_item",
    "save_topic",
    "search",
    "seen_offices",
    "set_item_topics",
    "set_story",
    "set_topic_items",
    "sightings",
    "source",
    "sources",
    "split_story",
    "standing_story",
    "stem_frequencies",
    "story_by_number",
    "story_candidates",
    "story_items",
    "texts",
    "topic",
    "topic_counts",
    "topics",
    "topics_naming",
    "update_source",
    "wordings",
]
