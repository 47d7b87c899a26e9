"""The desk: the use cases a front end calls. It alone puts store, sources and reading together."""

from __future__ import annotations

from dataclasses import dataclass

from digests.desk.alerts import Unusual
from digests.desk.answers import Answers, Part
from digests.desk.channels import Channels
from digests.desk.company import Company
from digests.desk.drafts import Drafts
from digests.desk.feeds import (
    Added,
    FeedHealth,
    Feeds,
    Found,
    Imported,
    Offer,
    Permissions,
    Polled,
)
from digests.desk.following import Defaults, Following, usual_delivery
from digests.desk.intake import Intake, Taken
from digests.desk.known import Known
from digests.desk.merging import Listed, Merging
from digests.desk.operation import Operation, Periods, Status
from digests.desk.public import Public
from digests.desk.reasons import Reason, Reasons, Why
from digests.desk.rounds import Rounds
from digests.desk.stories import Stories
from digests.desk.window import ALWAYS, Window
from digests.desk.wishes import FEWER_TELL, Spared, Wish, Wishes

__all__ = [
    "ALWAYS",
    "FEWER_TELL",
    "Added",
    "Answers",
    "Channels",
    "Company",
    "Defaults",
    "Desk",
    "Drafts",
    "FeedHealth",
    "Feeds",
    "Following",
    "Found",
    "Imported",
    "Intake",
    "Known",
    "Listed",
    "Merging",
    "Offer",
    "Operation",
    "Part",
    "Periods",
    "Permissions",
    "Polled",
    "Public",
    "Reason",
    "Reasons",
    "Rounds",
    "Spared",
    "Status",
    "Stories",
    "Taken",
    "Unusual",
    "Why",
    "Window",
    "Wish",
    "Wishes",
    "usual_delivery",
]


@dataclass(frozen=True, slots=True)
class Desk:
    """The use cases, by what they are for.

    ``feeds`` keeps and asks feeds, ``intake`` takes in what they and the folders
    bring (one thread at a time), ``answers`` and ``known`` answer questions,
    ``public`` such that anybody may hear the answers,
    ``following`` keeps chats and subscriptions, ``channels`` who decides about a
    channel, ``rounds`` compose digests and alerts, ``merging`` says which actors are
    one, ``stories`` which reports are one story, ``drafts`` are digests that wait to
    be rewritten, ``reasons`` say why a chat is shown a story, ``wishes`` are what it is
    to be spared, ``operation`` is the operator's. All but ``intake`` may be used
    from any thread; ``feeds.poll_due`` by one at a time.
    """

    feeds: Feeds
    intake: Intake
    answers: Answers
    public: Public
    known: Known
    following: Following
    rounds: Rounds
    merging: Merging
    drafts: Drafts
    stories: Stories
    reasons: Reasons
    wishes: Wishes
    channels: Channels
    operation: Operation
