"""A desk over a real database and real report files, with the pipeline that ships."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.house import House, house
from bot.settings import Settings
from digests.nlp.pipelines import Pipelines


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = datetime(2026, 1, 10, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class Office:
    """What a test works with: reports to write, a house to ask, a clock to move."""

    folder: Path
    settings: Settings
    clock: Clock = field(default_factory=Clock)

    def write(self, name: str, text: str, **options: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, **({"encoding": "utf-8"} | options))
        return path

    def open(self):
        return house(self.settings, self.clock)


@pytest.fixture(scope="session")
def pipelines() -> Pipelines:
    """Loaded once for all tests: they follow one another, in whatever thread."""
    return Pipelines()


@pytest.fixture(autouse=True)
def loaded(monkeypatch, pipelines) -> None:
    """Every house reads with the pipelines that are loaded, unless it names its own."""
    monkeypatch.setattr(
        "bot.house.Pipelines", lambda named: Pipelines(named) if named else pipelines
    )


@pytest.fixture
def office(tmp_path) -> Office:
    folder = tmp_path / "reports"
    folder.mkdir()
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        seeds_dir=folder,
        fetch_allow_networks="127.0.0.0/8",
        fetch_host_gap=0.0,
    )
    return Office(folder, settings)


@pytest.fixture
def opened(office) -> Callable[[], House]:
    """The office with its house open for the length of the test."""
    with office.open() as built:
        yield built


SCHOLZ = """Scholz fordert Waffenruhe

Stand: 10.01.2026 09:00 Uhr

Der frühere Bundeskanzler Olaf Scholz hat am Samstag in Berlin eine Waffenruhe gefordert.

„Die Waffen müssen schweigen“, sagte Scholz. Er sprach vor Abgeordneten der SPD.
"""

LAWROW = """Lawrow reist nach Genf

Stand: 10.01.2026 10:00 Uhr

Der russische Außenminister Sergej Lawrow ist am Samstag nach Genf gereist.

Lawrow sagte, Russland sei zu Gesprächen bereit. Die USA begrüßten die Reise.
"""
