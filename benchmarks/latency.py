"""How long an answer takes: 100,000 reports in the database, others being read meanwhile.

    python -m benchmarks.latency [--items 100000] [--rounds 9] [--idle]

The real bot (python -m bot run) on such a database, in one process with an
intake that reads new reports all the time (not with --idle); the Bot API is
this process. Timed is from a person's message or press until the answer has
come in, in a chat of its own each time, so that no pace holds it up, which the
bot has met (but for the first row). Said are median, 95th percentile and
maximum of each command, and how busy the machine was otherwise: the wall-clock
time of a second's computing.

The database is made once and kept in the folder for temporary files. Its
reports name some of four hundred people, the first ones in thousands of
reports and the last ones hardly ever, over six years; their readings are the
pipeline's own, of a few hundred models of which each is a variation.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import SQLModel

from bot.house import House, house
from bot.settings import load
from digests import curated
from digests.desk.matching import matches_report
from digests.store import archive
from digests.store.archive.date_rows import dates_in
from digests.store.archive.item_rows import READING, SEQ, content_digest
from digests.store.archive.word_index import write_words
from digests.stories import Frequencies, signature
from digests.tables import (
    CounterRow,
    ItemActorRow,
    ItemDateRow,
    ItemKeyRow,
    ItemRow,
    RevisionRow,
    SourceRow,
    StoryRow,
    TopicItemRow,
)
from digests.types import ActorKind, Draft, Item, Precision, Published, Reading, Report
from digests.words import stems
from tests.botapi import BotApi, Call, Chat, keyboard
from tests.botapi.entities import Json

ROOT = Path(__file__).parents[1]
MODELS = 400
PEOPLE = 400
VERSION = 5  # of the database that is kept
PATIENCE = 30.0
NEW = 4000  # reports to be read meanwhile
TABLES = (StoryRow, ItemRow, RevisionRow, ItemKeyRow, ItemActorRow, ItemDateRow, TopicItemRow)
SUBJECTS = (
    *("Sanktionen", "Klimaschutz", "Grenzverkehr", "Haushalt", "Rüstung", "Energie", "Handel"),
    *("Migration", "Diplomatie", "Waffenruhe", "Zölle", "Wahlen", "Getreide", "Gaslieferungen"),
)
PLACES = ("Paris", "Berlin", "Genf", "Brüssel", "Wien", "Warschau", "Rom", "Madrid", "Kiew")
MONTHS = ("Januar", "März", "Mai", "Juli", "September", "November")
COMMANDS = (
    *("/actor {often}", "/actor {seldom}", "{often}", "/timeline {often}", "/timeline {seldom}"),
    *("/timeline {often} und {second}", "/statements {often}", "/statements {seldom}"),
    *("/statements {often} über Handel", "/company {often}", "/topic Sanktionen"),
    *("/topic Getreide Zölle", "/search Sanktionen", "/search Handel mit:{often}"),
    *("/search Gaslieferungen Genf seit:2024", "/latest", "/digest", "/story 5000", "/start"),
    *("/subscribe {seldom}", "/subscriptions", "/settings", "/feeds", "/help"),
)


def article(number: int, people: list[str], chance: random.Random) -> str:
    """A report of a dozen sentences that names three people and says things of its own."""
    one, other, third = people
    place, subject = chance.choice(PLACES), chance.choice(SUBJECTS)
    told = "\n".join(
        f"In {chance.choice(PLACES)} ging es am {chance.randint(1, 28)}. {chance.choice(MONTHS)}"
        f" {chance.randint(2019, 2024)} um {chance.choice(SUBJECTS)} und {chance.choice(SUBJECTS)}."
        for _ in range(6)
    )
    return (
        f"{one} spricht in {place} über {subject}\n\n{one} ist am Montag in {place} mit {other}"
        f" zusammengetroffen. „{subject} bleibt eine Aufgabe für alle“, sagte {one}. {other}"
        f" erklärte, man werde über {chance.choice(SUBJECTS)} weiter verhandeln. {told}"
        f" {third} kritisierte die Gespräche von {place}. Die Akte trägt die Nummer {number:06}.\n"
    )


class People:
    """Names of the list of well-known people, the first far more often than the last (Zipf)."""

    def __init__(self, chance: random.Random) -> None:
        profiles = curated.load().profiles
        known = [one.actor.name for one in profiles if one.actor.kind is ActorKind.PERSON]
        chance.shuffle(known)
        self.names = known[:PEOPLE]
        self._sums = list(itertools.accumulate(1 / rank for rank in range(1, len(self.names) + 1)))
        self._chance = chance

    def some(self, number: int) -> list[str]:
        """So many different people."""
        found: dict[str, None] = {}
        while len(found) < number:
            at = bisect_right(self._sums, self._chance.random() * self._sums[-1])
            found[self.names[min(at, len(self.names) - 1)]] = None
        return list(found)


# --- The database ------------------------------------------------------------------------------


def database(items: int) -> Path:
    """A folder with a database of so many items, made if it is not there."""
    home = Path(tempfile.gettempdir()) / f"depesche-latency-{VERSION}-{items}"
    if not (home / "made").exists():
        shutil.rmtree(home, ignore_errors=True)
        (home / "seeds").mkdir(parents=True)
        began = time.monotonic()
        fill(home, items)
        (home / "made").touch()
        print(f"made {home} in {time.monotonic() - began:.0f} s", flush=True)
    return home


@dataclass
class Model:
    """A report that was read, and what is stored of it."""

    draft: Draft
    reading: Reading
    stored: Any
    actors: list[tuple[str, int, int]]
    topics: list[str]
    stems: str
    signature: str


def models(built: House, chance: random.Random) -> list[Model]:
    """Reports as the real reader understands them."""
    people = People(chance)
    found = []
    topics = ()
    with built.store.reading() as session:
        topics = tuple(archive.topics(session))
    texts = [article(0, people.some(3), chance) for _ in range(MODELS)]
    drafts = [Draft(str(n), one, one.index("\n")) for n, one in enumerate(texts)]
    readings = built.desk.intake._reader.read(drafts)  # noqa: SLF001 - reading alone, without storing
    for draft, reading in zip(drafts, readings, strict=True):
        rare = Frequencies(MODELS, {}, {})
        mentions = Counter(one.actor for one in reading.mentions if one.actor)
        said = Counter(one.actor for one in reading.statements if one.actor)
        report = Report(_item(draft, reading), reading)
        found.append(
            Model(
                draft,
                reading,
                READING.dump_python(reading, mode="json", exclude_defaults=True),
                [(actor, mentions[actor], said[actor]) for actor in mentions | said],
                [topic.id for topic in topics if matches_report(topic, report)],
                " ".join(stems(draft.text, reading.language)),
                signature(report, rare).to_json(),
            )
        )
    return found


def _item(draft: Draft, reading: Reading) -> Item:
    return Item(
        id=0,
        revision=1,
        seq=0,
        source_id=1,
        source_name="",
        key=draft.key,
        text=draft.text,
        title_end=draft.title_end,
        published=Published(),
        ingested_at=datetime.now(UTC),
        language=reading.language,
    )


def fill(home: Path, items: int) -> None:
    """Write the items, in stories of one to six, through the tables of the store."""
    chance = random.Random(11)
    settings = load(data_dir=home / "data", seeds_dir=home / "seeds", _env_file=None)
    with house(settings) as built:
        read = models(built, chance)
        known = built.desk.known
        with built.store.writing() as session:
            named = {actor for model in read for actor, _, _ in model.actors}
            archive.ensure_actors(session, known.as_read(named))
            session.get_one(SourceRow, 1).taken_in_once = True
        start = datetime.now(UTC) - timedelta(days=6 * 365)
        step = timedelta(days=6 * 365) / items
        story = 0
        for first in range(0, items, 2000):
            rows: dict[type[SQLModel], list[dict[str, Any]]] = {table: [] for table in TABLES}
            words = []
            for number in range(first, min(first + 2000, items)):
                if not story or chance.random() < 0.4:
                    story += 1
                    model = chance.choice(read)
                    at = start + step * number
                    _add(rows, StoryRow, id=story, language="de", opened_at=at, moved_at=at)
                _write(rows, words, number, story, model, start + step * number)
            with built.store.writing() as session:
                for table, values in filter(lambda pair: pair[1], rows.items()):
                    session.execute(insert(table), values)
                for one in words:
                    write_words(session, one["id"], one["stems"].split())
            print(f"\r{first}", end="", flush=True)
        with built.store.writing() as session:
            session.merge(CounterRow(name=SEQ, value=items))
        with built.store.writing() as session:
            session.execute(text("ANALYZE"))
    print(flush=True)


def _add(rows: dict[Any, list[dict[str, Any]]], table: type[SQLModel], **values: object) -> None:
    rows[table].append(values)


def _write(
    rows: dict[Any, list[dict[str, Any]]],
    words: list[dict[str, Any]],
    number: int,
    story: int,
    model: Model,
    at: datetime,
) -> None:
    item, key = number + 1, f"{number:06}.txt"
    told = model.draft.text.replace("000000", f"{number:06}")
    published = Published(at, Precision.MINUTE)
    draft = Draft(key, told, model.draft.title_end, published)
    digest = content_digest(draft)
    _add(
        rows,
        ItemRow,
        id=item,
        source_id=1,
        key=key,
        revision=1,
        seq=item,
        backlog=True,
        story_id=story,
        ingested_at=at,
        published_at=at,
    )
    _add(
        rows,
        RevisionRow,
        item_id=item,
        revision=1,
        text=told,
        title_end=draft.title_end,
        language="de",
        published_at=at,
        published_precision=Precision.MINUTE,
        digest=digest,
        ingested_at=at,
        reading=model.stored,
        signature=model.signature,
    )
    _add(
        rows,
        ItemKeyRow,
        source_id=1,
        key=key,
        item_id=item,
        digest=digest,
        seq=item,
        backlog=True,
    )
    for actor, mentions, said in model.actors:
        _add(rows, ItemActorRow, actor_id=actor, item_id=item, mentions=mentions, statements=said)
    for date in dates_in(model.reading, published):
        _add(rows, ItemDateRow, item_id=item, date=date)
    for topic in model.topics:
        _add(rows, TopicItemRow, topic_id=topic, item_id=item)
    words.append({"id": item, "stems": f"{model.stems} {number:06}"})


# --- The run -----------------------------------------------------------------------------------


@contextmanager
def running(home: Path, api: BotApi, *, idle: bool) -> Iterator[Path]:
    """The bot on a copy of the database; gives its log."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copytree(home / "data", place / "data")
        (place / "seeds").mkdir()
        if not idle:
            chance = random.Random(7)
            people = People(chance)
            for number in range(NEW):
                told = article(900_000 + number, people.some(3), chance)
                (place / "seeds" / f"new{number}.txt").write_text(told, "utf-8")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "PYTHONPATH": str(ROOT),
            "TELEGRAM_TOKEN": api.token,
            "TELEGRAM_API_URL": api.url,
            "DATA_DIR": str(place / "data"),
            "SEEDS_DIR": str(home / "seeds" if idle else place / "seeds"),
        }
        log = place / "log"
        with log.open("wb") as written:
            bot = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=place, env=environment, stderr=written
            )
        try:
            api.wait_for("getUpdates", arrived=True, timeout=120)
            yield log
        finally:
            bot.terminate()
            bot.wait(60)


def asked(api: BotApi, chat: Chat, command: str) -> tuple[float, Json]:
    """Seconds from a command until its first answer, and that."""
    mark = api.mark()
    began = time.monotonic()
    api.send_text(chat, None, command)
    took = waited(
        api, lambda call: call.method == "sendMessage" and call.chat_id == chat.id, mark, began
    )
    return took, (api.sent(chat) or [{}])[-1]


def known(api: BotApi) -> Chat:
    """A chat that the bot has met."""
    chat = api.private(api.user("P"))
    asked(api, chat, "/subscriptions")
    return chat


def pressed(api: BotApi, message: Json, data: str) -> float:
    """Seconds from a button until what it brings."""
    mark = api.mark()
    began = time.monotonic()
    api.press(message, data)
    return waited(api, lambda call: call.method in ("sendMessage", "editMessageText"), mark, began)


def waited(api: BotApi, wanted: Callable[[Call], bool], mark: int, began: float) -> float:
    """Seconds from ``began`` until a call; those until patience ended where there was none."""
    with suppress(TimeoutError):
        api.wait_for(wanted, after=mark, timeout=PATIENCE)
    return time.monotonic() - began


def busy() -> float:
    """Wall-clock seconds of a second of computing: 1 on a machine with nothing else to do."""
    began, until = time.monotonic(), time.thread_time() + 0.5
    while time.thread_time() < until:
        pass
    return 2 * (time.monotonic() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--idle", action="store_true", help="nothing is read meanwhile")
    parser.add_argument("--only", default="", help="commands that contain this")
    arguments = parser.parse_args()
    home = database(arguments.items)
    names = People(random.Random(11)).names
    filled = {"often": names[0], "second": names[1], "seldom": names[300]}
    commands = [one.format(**filled) for one in COMMANDS if arguments.only in one]
    took: dict[str, list[float]] = {}
    with (
        BotApi(strict=False, keep_calls=500) as api,
        running(home, api, idle=arguments.idle) as log,
    ):
        time.sleep(10)  # until it reads
        for _ in range(arguments.rounds):
            first, _ = asked(api, api.private(api.user("P")), "/help")
            took.setdefault("the first word of a chat", []).append(first)
            for command in commands:
                seconds, message = asked(api, known(api), command)
                took.setdefault(command, []).append(seconds)
                for button in [one for row in keyboard(message) for one in row][:1]:
                    if "callback_data" in button:
                        name = f"  [{command.split()[0]}: {button['callback_data'].split()[0]}]"
                        took.setdefault(name, []).append(
                            pressed(api, message, button["callback_data"])
                        )
        spun = busy()
        told = log.read_text(errors="replace").splitlines()
    for name, found in took.items():
        print(f"{name:48} {_row(found)}")
    print(f"{'all':48} {_row([one for found in took.values() for one in found])}")
    print(f"a second of computing took {spun:.1f} s while the bot ran")
    print("\n".join(line for line in told if "taken in" in line or "ERROR" in line)[-600:])


def _row(found: list[float]) -> str:
    ordered = sorted(found)
    last = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    middle = statistics.median(ordered)
    return f"median {1000 * middle:5.0f}  p95 {1000 * last:5.0f}  max {1000 * ordered[-1]:5.0f} ms"


if __name__ == "__main__":
    main()
