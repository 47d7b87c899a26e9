"""One bot a database: the lock holds between processes, and dies with them."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.lock import RunLock, lock_of
from bot.settings import Settings
from digests.errors import StoreError

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from bot.lock import RunLock
with RunLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    return process


def end(process):
    process.stdin.close()
    process.stdout.close()
    process.wait(30)


def settings(**values):
    return Settings(_env_file=None, **values)


def test_a_second_process_is_refused_and_told_which_is_the_first(tmp_path):
    path = tmp_path / "a.lock"
    process = holder(path)
    try:
        with pytest.raises(StoreError) as caught, RunLock(path):
            pass
        assert caught.value.code == "running"
        assert caught.value.params["pid"] == str(process.pid)
    finally:
        end(process)
    with RunLock(path):
        pass


def test_a_killed_process_holds_nothing(tmp_path):
    path = tmp_path / "a.lock"
    process = holder(path)
    process.kill()
    end(process)
    assert path.read_text() == f"{process.pid}\n"  # what it left says nothing
    with RunLock(path):
        assert path.read_text() != f"{process.pid}\n"


def test_the_same_process_is_refused_too(tmp_path):
    path = tmp_path / "a.lock"
    with RunLock(path), pytest.raises(StoreError), RunLock(path):
        pass
    with RunLock(path):
        pass


def test_the_lock_goes_by_the_database(tmp_path):
    """However the database is named; whatever else is set."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    by_folder = lock_of(settings(data_dir=tmp_path / "real"))
    by_link = lock_of(settings(data_dir=tmp_path / "link"))
    by_url = lock_of(
        settings(
            data_dir=tmp_path / "elsewhere",
            database_url=f"sqlite:///{tmp_path}/real/../real/depesche.db",
        )
    )
    assert by_folder.path == by_link.path == by_url.path
    other = lock_of(settings(database_url=f"sqlite:///{tmp_path / 'other.db'}"))
    assert other.path != by_folder.path


def test_a_database_that_is_no_file_has_a_lock_that_tells_no_password(tmp_path):
    one, other = (
        lock_of(settings(data_dir=tmp_path, database_url=f"postgresql://anna:geheim@host/{name}"))
        for name in ("one", "other")
    )
    assert one.path != other.path
    assert one.path.parent == tmp_path
    assert "geheim" not in one.path.name
    with one, other:
        pass


def test_a_lock_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError) as caught, RunLock(tmp_path / "file" / "a.lock"):
        pass
    assert caught.value.code == "read_only"
