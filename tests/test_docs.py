"""What the documents say is what the code does."""

import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.__main__ import main
from bot.commands import COMMANDS
from bot.settings import Settings, example
from bot.texts import Texts

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_env_example_is_what_the_settings_say():
    assert (ROOT / ".env.example").read_text("utf-8") == example(), (
        "write it anew: python -c 'from bot.settings import example; print(example(), end=\"\")'"
    )


def test_every_setting_has_a_sentence():
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_the_readme_lists_every_command():
    texts = Texts("en", ZoneInfo("UTC"))
    for command in COMMANDS:
        form = command.form(texts).replace("|", r"\|")
        line = f"| `{form}` | {texts(command.summary)} |"
        assert line in README, f"missing in README.md: {line}"


def test_the_documents_show_the_digest_of_the_reports_that_ship(tmp_path):
    document = (ROOT / "docs" / "digest.md").read_text("utf-8")
    shown = document.split("```text\n")[1].split("```")[0]
    run = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "/digest"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == shown, "docs/digest.md shows another digest than seeds/ gives"


@pytest.mark.parametrize(
    "name",
    [
        *("run", "console", "ask", "ingest", "once", "actors", "feeds"),
        *("backup", "restore", "migrate", "doctor", "broadcast"),
    ],
)
def test_the_readme_and_the_help_name_every_part_of_the_command_line(name, capsys):
    assert f"`depesche {name}" in README
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    assert name in capsys.readouterr().out


def test_the_readme_leads_with_a_picture_that_loads_fast():
    assert "](docs/digest.png)" in README.split("\n## ")[0]
    picture = (ROOT / "docs" / "digest.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 300 * 1024


def test_files_the_readme_points_to_are_there():
    import re

    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
