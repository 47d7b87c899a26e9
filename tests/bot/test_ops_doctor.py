"""The doctor: says in words what is wrong, and what to do about it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import doctor
from bot.doctor import examine
from bot.lock import lock_of
from bot.settings import Settings
from bot.texts import Texts
from digests.store import archive, backup, chats, open_store, outbox, polls
from digests.types import SourceKind
from tests.botapi import BotApi

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
ENGLISH = Texts("en", ZoneInfo("UTC"))


PIPELINES = doctor._pipelines


@pytest.fixture(autouse=True)
def pipelines(monkeypatch):
    """Loading them takes a second each; one test looks at them."""
    monkeypatch.setattr(doctor, "_pipelines", lambda *_: iter(()))


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").mkdir()
    return Settings(_env_file=None, data_dir=tmp_path / "data", seeds_dir=tmp_path / "seeds")


@pytest.fixture
def store(settings):
    made = open_store(settings.database)
    made.migrate()
    yield made
    made.close()


def found(settings, now=NOW):
    return list(examine(settings, ENGLISH, now))


def about(settings, subject, now=NOW):
    return [one for one in found(settings, now) if one.about == subject]


def add_chat(session, address, now=NOW):
    return chats.add_chat(session, address, language="de", zone="UTC", schedule="off", now=now)


def test_a_fresh_installation_is_sound(settings, monkeypatch):
    monkeypatch.setattr(doctor, "_pipelines", PIPELINES)
    assert len(about(settings, "Language pipeline de")) == 1
    assert [one for one in found(settings) if not one.sound] == []


def test_it_is_sound_with_data_too_and_counts_it(settings, store):
    with store.writing() as session:
        add_chat(session, "telegram:1")
    assert [one for one in found(settings) if not one.sound] == []
    (outbox_,) = about(settings, "Outbox")
    assert outbox_.says == "0 messages wait"


def test_a_full_disk_is_seen_before_it_is_full(settings, store, monkeypatch):
    usage = type("Usage", (), {"free": 50 << 20})
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: usage)
    (disk,) = about(settings, "Disk")
    assert not disk.sound
    assert disk.says.startswith("50 MB free")
    assert "Make room" in disk.advice


def test_a_clock_that_stands_before_what_was_written_is_told(settings, store):
    with store.writing() as session:
        add_chat(session, "telegram:1")
    assert about(settings, "Clock", NOW - timedelta(minutes=1)) == []
    (clock,) = about(settings, "Clock", NOW - timedelta(days=1))
    assert not clock.sound
    assert "NTP" in clock.advice


def test_a_queue_that_stands_still_is_told(settings, store):
    with store.writing() as session:
        chat = add_chat(session, "telegram:1")
        outbox.enqueue(session, "a", chat.id, 0, "alert", [{"text": "x"}] * 2, now=NOW)
    (waiting,) = about(settings, "Outbox", NOW + timedelta(minutes=1))
    assert (waiting.sound, waiting.says) == (True, "2 messages wait")
    (late,) = about(settings, "Outbox", NOW + timedelta(hours=1))
    assert not late.sound
    assert late.says == "2 messages wait, the oldest for 60 minutes"
    assert late.advice


def test_what_was_put_aside_is_told_and_who_lets_nothing_through(settings, store):
    with store.writing() as session:
        chat = add_chat(session, "telegram:1")
        outbox.enqueue(session, "a", chat.id, 0, "alert", [{"text": "x"}], now=NOW)
        gone = add_chat(session, "telegram:2")
        chats.update_chat(session, gone.id, unreachable="blocked")
        session.connection().exec_driver_sql("UPDATE delivery SET state = 'rejected'")
    says = [one.says for one in about(settings, "Outbox")]
    assert says[0] == "0 messages wait"
    assert says[1] == "1 message was put aside"
    assert "1 chat lets nothing through" in says[2]
    assert any("depesche outbox" in one.advice for one in about(settings, "Outbox"))


def test_a_feed_that_fails_is_named_with_its_trouble(settings, store):
    with store.writing() as session:
        feed = archive.add_source(
            session, SourceKind.FEED, "https://a.example/", name="Anzeiger", now=NOW
        )
        polls.note(session, [(feed.id, {"failures": 3, "error_code": "timeout"})])
    (anzeiger,) = about(settings, "Anzeiger")
    assert not anzeiger.sound
    assert anzeiger.says == "The site did not answer in time."


def test_backups_are_looked_for(settings, store):
    (none,) = about(settings, "Backups")
    assert (none.says, bool(none.advice)) == ("none", True)
    target = backup.named(settings.data_dir / "backups", "depesche", NOW)
    backup.back_up(settings.data_dir / "depesche.db", target)
    taken = datetime.fromtimestamp(target.stat().st_mtime, UTC)
    (fresh,) = about(settings, "Backups", taken + timedelta(days=1, minutes=1))
    assert fresh.says.endswith("1 day old")
    assert not fresh.advice
    (old,) = about(settings, "Backups", taken + timedelta(days=8, minutes=1))
    assert old.advice == "Run: depesche backup"


def test_a_bot_that_runs_is_seen(settings, store):
    assert about(settings, "Bot")[0].says == "does not run"
    with lock_of(settings):
        assert about(settings, "Bot")[0].says.startswith("runs (process ")


def test_what_others_can_read_is_told(settings, store, tmp_path):
    path = tmp_path / ".env"
    path.write_text("TELEGRAM_TOKEN=x\n")
    path.chmod(0o644)
    (env,) = about(settings, ".env")
    assert env.advice == "chmod 600 .env"
    path.chmod(0o600)
    assert about(settings, ".env") == []


def test_files_that_are_not_read_are_told(settings):
    settings.seeds_dir.mkdir(exist_ok=True)
    (settings.seeds_dir / "a.txt").write_text("Es regnet.", "utf-8")
    (settings.seeds_dir / ".hidden.pdf").touch()
    (plain,) = about(settings, "Report folder")
    assert (plain.says, plain.advice) == (str(settings.seeds_dir), "")
    below = settings.seeds_dir / "papers"
    below.mkdir()
    for name in ("b.pdf", "c.PDF", "d.docx", "e"):
        (below / name).touch()
    (told,) = about(settings, "Report folder")
    assert told.sound
    assert "with 4 files that are not read (.docx, .pdf, without ending)" in told.says
    assert ".txt" in told.advice


def test_a_database_of_another_version_is_told(settings, store):
    with store.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    (older,) = about(settings, "Database")
    assert (older.sound, older.advice) == (False, "Run: depesche migrate")


def test_telegram_is_asked_and_its_clock_compared(settings, bot_api: BotApi):
    asked = Settings(
        _env_file=None,
        data_dir=settings.data_dir,
        seeds_dir=settings.seeds_dir,
        telegram_token=bot_api.token,
        telegram_api_url=bot_api.url,
    )
    now = datetime.now(UTC)
    (telegram,) = about(asked, "Telegram", now)
    assert telegram.sound
    assert telegram.says.startswith("@")
    assert about(asked, "Clock", now) == []
    (clock,) = about(asked, "Clock", now + timedelta(hours=1))
    assert not clock.sound
    assert "Telegram says" in clock.says


def test_a_refused_token_is_told_without_the_token(settings, bot_api: BotApi):
    token = "123456789:AAabcdefghijklmnopqrstuvwxyz012345678"
    asked = Settings(
        _env_file=None,
        data_dir=settings.data_dir,
        seeds_dir=settings.seeds_dir,
        telegram_token=token,
        telegram_api_url=bot_api.url,
    )
    (telegram,) = about(asked, "Telegram")
    assert not telegram.sound
    assert "BotFather" in telegram.advice
    assert not any(token in one.says + one.advice for one in found(asked))
