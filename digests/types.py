"""The values Depesche is made of: frozen, plain, and free of input and output.

Everything that travels between the rooms of the house is defined here, in the
words of docs/glossary in the README: sources give drafts, the store turns
drafts into items, reading an item finds mentions, statements and events, and
what a person is shown is made of spans.

Character offsets are Python string offsets (code points), half open
``[start, end)``, into :attr:`Item.text` of one revision.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum


class Precision(StrEnum):
    """How exactly a point in time is known."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Published:
    """When a report says it was published.

    ``at`` is timezone-aware UTC. With precision ``minute`` it is the moment.
    With ``day``, ``month`` or ``year`` it is 00:00 UTC on the first day of the
    period and stands for the calendar date alone: it is never converted into
    another zone. With ``unknown`` it is None.
    """

    at: datetime | None = None
    precision: Precision = Precision.UNKNOWN

    def __post_init__(self) -> None:
        if (self.at is None) != (self.precision is Precision.UNKNOWN):
            raise ValueError("a date needs a precision, and a precision a date")
        if self.at is not None and self.at.utcoffset() is None:
            raise ValueError("published dates are timezone-aware UTC")

    @classmethod
    def on(cls, year: int, month: int | None = None, day: int | None = None) -> Published:
        """A calendar date, as exact as the arguments given."""
        precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
        return cls(datetime(year, month or 1, day or 1, tzinfo=UTC), precision)

    @property
    def date(self) -> PartialDate | None:
        """The calendar date (UTC), as exact as it is known; None if unknown."""
        if self.at is None:
            return None
        exact = self.precision not in (Precision.YEAR, Precision.MONTH)
        month = 0 if self.precision is Precision.YEAR else self.at.month
        return PartialDate(self.at.year, month, self.at.day if exact else 0)

    def iso(self) -> str | None:
        """The date in ISO 8601, as exact as it is known: '2022-01', '2022-01-25T00:42Z'."""
        if self.at is not None and self.precision is Precision.MINUTE:
            return f"{self.at:%Y-%m-%dT%H:%MZ}"
        return str(self.date) if self.date else None


UNDATED = Published()


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A calendar date of which the day, or day and month, may be unknown.

    Orders by time, the vaguer first: 2022 < 2022-01 < 2022-01-21.
    """

    year: int
    month: int = 0
    day: int = 0

    @classmethod
    def parse(cls, value: str) -> PartialDate:
        """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; raises ValueError otherwise."""
        words = value.split("-")
        parts = [int(word) for word in words]
        if not 1 <= len(parts) <= 3 or len(words[0]) != 4:
            raise ValueError(f"not a partial ISO date: {value!r}")
        parts += [0] * (3 - len(parts))
        date(parts[0], parts[1] or 1, parts[2] or 1)
        return cls(*parts)

    @property
    def precision(self) -> Precision:
        """``day``, ``month`` or ``year``."""
        return Precision.DAY if self.day else Precision.MONTH if self.month else Precision.YEAR

    @property
    def first_day(self) -> date:
        """The first day of the period this date names."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        """The last day of the period this date names."""
        if self.day:
            return self.first_day
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month:
            text += f"-{self.month:02d}"
        if self.day:
            text += f"-{self.day:02d}"
        return text


class SourceKind(StrEnum):
    """Where reports come from."""

    FOLDER = "folder"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Draft:
    """One report as a source gives it, before the store knows it.

    ``key`` names the report within its source and stays the same when the
    report changes. ``text`` is clean: title first (if any), a blank line, then
    paragraphs parted by blank lines; ``text[:title_end]`` is the title and
    ``title_end`` 0 where there is none. ``language`` is an ISO 639-1 code where
    the source declares it, else None.
    """

    key: str
    text: str
    title_end: int = 0
    published: Published = UNDATED
    language: str | None = None
    url: str | None = None
    outlet: str | None = None
    """Name of the publication, where the report names one; else the source's name is shown."""


@dataclass(frozen=True, slots=True)
class Item:
    """One stored report in one revision.

    ``seq`` is the ingest sequence number of the item: it grows with every
    item taken in (and again when a revision changes what it says), and is
    what windows of digests are made of.
    """

    id: int
    revision: int
    seq: int
    source_id: int
    source_name: str
    key: str
    text: str
    title_end: int
    published: Published
    ingested_at: datetime
    language: str
    url: str | None = None
    story_id: int | None = None

    @property
    def title(self) -> str:
        """The report's own title; empty where it has none."""
        return self.text[: self.title_end]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one revision of one item: what every shown sentence owns."""

    item: int
    revision: int
    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether both share characters of one revision."""
        same = (self.item, self.revision) == (other.item, other.revision)
        return same and self.start < other.end and other.start < self.end


class ActorKind(StrEnum):
    """What an actor is. A place is a name on the map that is no state (Donbass, Genf)."""

    PERSON = "person"
    ORGANISATION = "organisation"
    STATE = "state"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Office:
    """An office a person held: from the curated list, or seen in a report.

    ``start`` and ``end`` bound the term where it is known (list); ``seen`` is
    the date of the report that names it, and ``span`` the words that do. The
    list has the title in English, too (``english``); a report has it once.
    """

    title: str
    start: PartialDate | None = None
    end: PartialDate | None = None
    seen: PartialDate | None = None
    span: Span | None = None
    english: str = ""

    def called(self, language: str) -> str:
        """The title to show in a language (ISO 639-1)."""
        return self.english if self.english and language == "en" else self.title


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, organisation, state or place with a stable id (a slug such as ``wladimir-putin``).

    ``aliases`` are other full forms of the name in use, never bare surnames.
    ``curated`` says that the actor comes from the list of well-known actors, which
    knows what some are called in English (``english``), where that differs.
    """

    id: str
    name: str
    kind: ActorKind
    aliases: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()
    curated: bool = False
    english: str = ""

    def called(self, language: str) -> str:
        """The name to show in a language (ISO 639-1)."""
        return self.english if self.english and language == "en" else self.name


class MentionForm(StrEnum):
    """How a text refers to an actor."""

    NAME = "name"  # Wladimir Putin, Putins, die NATO
    ROLE = "role"  # der Kremlchef, die Außenministerin
    PRONOUN = "pronoun"  # er, sie
    ADJECTIVE = "adjective"  # russische (in: russische Regierung)
    METONYM = "metonym"  # Moskau, der Kreml for a state


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that refers to an actor; ``actor`` is an actor id, None if unresolved."""

    start: int
    end: int
    kind: ActorKind
    actor: str | None
    form: MentionForm = MentionForm.NAME


class SpeechKind(StrEnum):
    """Whether a statement stands in quotation marks or is reported in other words."""

    DIRECT = "direct"
    INDIRECT = "indirect"


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what.

    ``message`` holds one or more ranges (a quotation broken by its cue has
    two), ``speaker`` the range that names the speaker, ``cue`` the verb or
    phrase of saying, ``via`` the medium or agency it came through.
    ``actor`` is the id of the speaker, None where nobody known speaks.
    """

    kind: SpeechKind
    message: tuple[tuple[int, int], ...]
    speaker: tuple[int, int] | None
    cue: tuple[int, int] | None
    actor: str | None
    addressee: tuple[int, int] | None = None
    via: tuple[int, int] | None = None

    @property
    def start(self) -> int:
        """Where the message starts."""
        return self.message[0][0]

    @property
    def end(self) -> int:
        """Where the message ends."""
        return self.message[-1][1]


class TimexType(StrEnum):
    """TimeML types of time expressions."""

    DATE = "DATE"
    TIME = "TIME"
    DURATION = "DURATION"
    SET = "SET"


@dataclass(frozen=True, slots=True)
class Timex:
    """A time expression with its TimeML value (``2022-01-24``, ``2022-01-24TEV``, ``P8Y``).

    ``value`` is empty where the expression cannot be resolved honestly, as
    'am Montag' in a report without a date.
    """

    start: int
    end: int
    type: TimexType
    value: str


class SentenceKind(StrEnum):
    """What a stretch of text between two boundaries is."""

    PROSE = "prose"
    HEADING = "heading"  # the title, or a heading between paragraphs: no sentence to show
    FRAGMENT = "fragment"  # text that starts mid-sentence, a list, a byline


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an item."""

    start: int
    end: int
    kind: SentenceKind = SentenceKind.PROSE


@dataclass(frozen=True, slots=True)
class Event:
    """What a sentence says happened at a date: the sentence, the date, the actors named in it."""

    start: int
    end: int
    date: PartialDate
    actors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenOffice:
    """An office that a text names beside an actor ('US-Präsident Joe Biden')."""

    actor: str
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was understood of one text: values with offsets, and nothing of spaCy.

    ``terms`` maps a stemmed content word to how often it stands in the text.
    ``new_actors`` are actors that no list and no store knew.
    """

    language: str
    sentences: tuple[Sentence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()
    timexes: tuple[Timex, ...] = ()
    events: tuple[Event, ...] = ()
    offices: tuple[SeenOffice, ...] = ()
    terms: dict[str, int] = field(default_factory=dict)
    new_actors: tuple[Actor, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """An item together with its reading: what the pure modules work on."""

    item: Item
    reading: Reading


@dataclass(frozen=True, slots=True)
class Topic:
    """A named query. All words are matched by their stems; compounds match by their parts.

    A report matches if it holds any of ``terms``, ``phrases`` or ``actors``
    (or, where ``require_all`` is set, one of each group that is not empty) and
    none of ``exclude``.
    """

    id: str
    name: str
    terms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    require_all: bool = False


class TargetKind(StrEnum):
    """What a subscription follows."""

    ACTOR = "actor"
    TOPIC = "topic"
    FEED = "feed"
    EVERYTHING = "everything"
    NAME = "name"  # of an actor that no report has named yet


@dataclass(frozen=True, slots=True)
class Target:
    """An actor, a topic, a feed, or everything; ``id`` is empty for everything.

    A name stands for an actor to be: as soon as one bears it, it is followed instead.
    """

    kind: TargetKind
    id: str = ""


@dataclass(frozen=True, slots=True)
class GivenName:
    """A surname that stands alone at the place ``at`` of a text, and the given names with it."""

    at: int
    given: str
    surname: str


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence as shown: text of a span, its source and date.

    ``text`` equals the item's text at ``span``, white space folded. ``lead``
    is what is shown in brackets before it so that it can stand alone ('[Putin]'),
    or empty. ``speaker`` is the name of who says it, where it is a claim that
    does not name its speaker itself. ``given`` are those of whom it tells the surname alone.
    """

    span: Span
    text: str
    source: str
    published: Published
    url: str | None = None
    speaker: str | None = None
    lead: str = ""
    given: tuple[GivenName, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story as shown: headline, cited sentences, sources, how many reports."""

    id: int
    headline: str
    published: Published
    sentences: tuple[CitedSentence, ...]
    sources: tuple[str, ...]
    reports: int
    moved: bool = False
    """A story that was shown before and has something new."""
    known_for: int | None = None
    """How many days ago (0: today) a story that ``moved`` was shown last, where that is known."""
    items: tuple[int, ...] = ()
    urls: tuple[str | None, ...] = ()
    """Where a report of each of the ``sources`` is found."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """What happened at a date: the date the text speaks of, and the sentences that say so."""

    date: PartialDate
    sentences: tuple[CitedSentence, ...]


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement as shown: the words of its spans, without the cue.

    ``quote`` joins the spans' texts, white space folded and outer quotation
    marks cut; behind a pronoun for somebody whom they do not name stands the
    name in square brackets. ``via`` names the medium or agency it came through.
    """

    speaker: str
    speaker_id: str
    kind: SpeechKind
    quote: str
    spans: tuple[Span, ...]
    source: str
    published: Published
    url: str | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True)
class ActorCard:
    """What the archive knows of an actor.

    ``reports`` counts the items that name the actor, ``first`` and ``last``
    their publication dates (None if all are undated); ``company`` are the
    actors named most often in the same items, with the number of those items;
    ``statements`` are the actor's, ``about`` those of others about the actor.
    """

    actor: Actor
    reports: int
    first: PartialDate | None
    last: PartialDate | None
    company: tuple[tuple[Actor, int], ...]
    statements: tuple[StatementView, ...]
    stories: tuple[StoryView, ...]
    about: tuple[StatementView, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicCard:
    """What the archive holds on a topic."""

    topic: Topic
    reports: int
    first: PartialDate | None
    last: PartialDate | None
    actors: tuple[tuple[Actor, int], ...]
    stories: tuple[StoryView, ...]


@dataclass(frozen=True, slots=True)
class DigestStory:
    """A story in a digest, under its first target; ``also`` names the others it belongs to.

    ``fewer`` says that the reader wants fewer stories of its kind: it is told briefly, and last.
    """

    story: StoryView
    also: tuple[str, ...] = ()
    fewer: bool = False

    @property
    def brief(self) -> bool:
        """Whether a line says enough: also of a known story that was merely told once more."""
        return self.fewer or (self.story.moved and not self.story.sentences)


@dataclass(frozen=True, slots=True)
class Section:
    """The stories of one target in a digest, weightiest first. ``label`` is the target's name."""

    target: Target
    label: str
    stories: tuple[DigestStory, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What is sent at one due time, or shown on request.

    ``reports`` and ``stories`` count what it is made of; ``items`` are the
    items (id, revision) it covers. ``quiet`` are the labels of targets with
    nothing new. ``pending`` is False where nothing was new and the newest of
    the archive is shown instead.
    """

    sections: tuple[Section, ...]
    reports: int
    stories: int
    items: tuple[tuple[int, int], ...]
    quiet: tuple[str, ...] = ()
    pending: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """A folder of report files (``location`` is its path) or a feed (its URL), and how it fares.

    ``taken_in_once`` is False until the first complete pass over it: what that
    pass brings is the archive, not news. ``error`` is the code and parameters
    of the last failure, None while all is well; ``failing_since`` is when the first
    of the ``failures`` in a row was. ``interval`` is the time between two questions
    to a feed as it was chosen last. ``operator`` says that it is the operator's: others are
    known to those who added (``added_by``, a chat's id) or follow them alone.
    """

    id: int
    kind: SourceKind
    location: str
    name: str
    language: str | None = None
    labels: tuple[str, ...] = ()
    retired: bool = False
    taken_in_once: bool = False
    etag: str | None = None
    last_modified: str | None = None
    next_due_at: datetime | None = None
    last_success_at: datetime | None = None
    failures: int = 0
    error: tuple[str, dict[str, object]] | None = None
    last_asked_at: datetime | None = None
    interval: timedelta | None = None
    failing_since: datetime | None = None
    operator: bool = True
    added_by: int | None = None


class NoticeKind(StrEnum):
    """What those who follow a feed are told of it, once."""

    GONE = "gone"  # the server says it is gone for good: it is asked no more
    FAILING = "failing"  # it could not be read for days; it is still asked


@dataclass(frozen=True, slots=True)
class FeedNotice:
    """A word to those who follow a feed; ``source.error`` says what is wrong."""

    source: Source
    kind: NoticeKind


class DeliveryMode(StrEnum):
    """How a subscription is delivered."""

    DIGEST = "digest"
    ALERT = "alert"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat and what it chose.

    ``address`` is where it is (``telegram:-1001234``, ``console``), ``schedule``
    the written form of a :class:`digests.schedule.Cadence`, ``quiet`` of quiet
    hours (``22:00-07:00``) or None. ``silent`` says that it wants no digest
    where nothing is new, ``muted`` that digests come without a sound, ``previews``
    that links are previewed, ``dark`` that pictures have a dark ground. ``asked`` is
    what it was asked and has not answered yet (a command), or None. ``everyone`` says
    that in this group all may change what it follows.
    """

    id: int
    address: str
    language: str
    zone: str
    schedule: str
    quiet: str | None = None
    paused: bool = False
    paused_until: datetime | None = None
    unreachable: str | None = None
    silent: bool = False
    muted: bool = False
    previews: bool = False
    dark: bool = False
    asked: str | None = None
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class ManagedChannel:
    """A channel whose subscriptions are decided in a private chat, and its title."""

    chat: Chat
    title: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a chat (or one of its forum topics; ``thread`` 0 is the chat itself) follows, and how.

    ``digest_mark`` and ``alert_mark`` are the ingest sequence numbers up to
    which digests and alerts were enqueued. ``schedule`` None means the chat's. ``hourly``
    says that alerts wait for the full hour and come as one.
    """

    id: int
    chat: int
    thread: int
    target: Target
    delivery: DeliveryMode
    digest_mark: int
    alert_mark: int
    schedule: str | None = None
    next_due_at: datetime | None = None
    hourly: bool = False


class DeliveryState(StrEnum):
    """Where a delivery stands. A claimed one whose lease ran out is pending again, and doubtful.

    Three wait for the operator or for nobody: ``rejected`` (Telegram never takes
    it), ``doubtful`` (perhaps sent, and not to be repeated) and ``dropped`` (the
    operator's word). ``stale`` ones came too late: their items are in a later digest.
    A ``draft`` waits for its rewriting before it is pending, with it or without.
    """

    DRAFT = "draft"
    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    REJECTED = "rejected"
    DOUBTFUL = "doubtful"
    DROPPED = "dropped"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the outbox: a message rendered when it was enqueued.

    ``batch`` names the digest or alert it is ``part`` (from 0) of.
    ``maybe_sent`` says that an earlier send got no answer: what goes out now
    may be a repeat, and is marked as such. ``plain`` that it was refused once as
    it stands and goes out without formatting and buttons. ``error`` is what came
    of the last attempt.
    """

    id: int
    key: str
    batch: str
    part: int
    chat: int
    address: str
    thread: int
    kind: str
    payload: dict[str, object]
    attempts: int = 0
    maybe_sent: bool = False
    plain: bool = False
    error: str | None = None
