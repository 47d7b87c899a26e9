"""The desk: the use cases a front end calls. It alone puts store, sources and reading together."""

from __future__ import annotations

from dataclasses import dataclass

from digests.desk.answers import ALWAYS, Answers, Window
from digests.desk.following import Defaults, Following
from digests.desk.intake import Intake, Taken
from digests.desk.known import Known
from digests.desk.merging import Listed, Merging
from digests.desk.rounds import Rounds

__all__ = [
    "ALWAYS",
    "Answers",
    "Defaults",
    "Desk",
    "Following",
    "Intake",
    "Known",
    "Listed",
    "Merging",
    "Rounds",
    "Taken",
    "Window",
]


@dataclass(frozen=True, slots=True)
class Desk:
    """The use cases, by what they are for.

    ``intake`` takes reports in (one thread at a time), ``answers`` and
    ``known`` answer questions, ``following`` keeps chats and subscriptions,
    ``rounds`` compose digests and alerts, ``merging`` says which actors are
    one. All but ``intake`` may be used from any thread.
    """

    intake: Intake
    answers: Answers
    known: Known
    following: Following
    rounds: Rounds
    merging: Merging
