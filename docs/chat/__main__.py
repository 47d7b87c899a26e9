"""``python -m docs.chat``: record the conversation anew, look at it, take the README's picture."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from pathlib import Path

from docs.chat.conversation import DOCUMENT, ROOT, ZONE, played
from docs.chat.page import Phone, page
from docs.chat.shot import shot

PICTURE = ROOT / "docs" / "digest.png"
HEIGHT = 1130

SHOWN = """
# Before
```text
» file 2022-01-21-genf.html
» 2022-01-24 20:00
» /subscribe NATO
» /subscribe Ukraine
```
# Digest
```text
» file 2022-01-25-videokonferenz.txt
» file 2022-01-stoltenberg.txt
» file separatisten-hilferuf.md
» 2022-01-25 07:01
» [2]
```
# First minute
```text
» language de
» /start
» [NATO]
» [Ukraine]
» [Diplomatie]
» /actor Stoltenberg
```
"""


def record() -> None:
    """Play the conversation and write down what the bot says now."""
    text, _, _ = asyncio.run(played(DOCUMENT.read_text("utf-8")))
    DOCUMENT.write_text(text, "utf-8")


def look(folder: Path, document: Path) -> None:
    """Write a page and a picture of each scene of a conversation, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    _, scenes, api = asyncio.run(played(document.read_text("utf-8")))
    for number, scene in enumerate(scenes, 1):
        phones = [Phone("Depesche", scene.messages, theme) for theme in ("light", "dark")]
        shown = page(phones, lambda file: api.files[file].data, ZONE)
        name = re.sub(r"\W+", "-", scene.title).strip("-").lower()
        file = folder / f"{number:02}-{name}"
        file.with_suffix(".html").write_text(shown, "utf-8")
        file.with_suffix(".png").write_bytes(shot(shown))
        sys.stdout.write(f"{file}.png\n")


def picture(file: Path) -> None:
    """Take the README's picture: a digest with its buttons, and the end of the first minute."""
    _, scenes, api = asyncio.run(played(SHOWN))
    phones = [
        Phone("Depesche", scenes[1].messages, "light", HEIGHT),
        Phone("Depesche", scenes[2].messages, "dark", HEIGHT),
    ]
    shown = page(phones, lambda one: api.files[one].data, ZONE)
    file.write_bytes(shot(shown, colours=96))
    sys.stdout.write(f"{file}: {file.stat().st_size // 1024} KB\n")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m docs.chat", description=__doc__)
    parts = parser.add_subparsers(dest="what", required=True)
    parts.add_parser("record", help="write docs/conversation.md anew")
    looking = parts.add_parser("look", help="pages and pictures of every scene (needs Chromium)")
    looking.add_argument("folder", type=Path)
    looking.add_argument("document", type=Path, nargs="?", default=DOCUMENT)
    taking = parts.add_parser("picture", help="the README's picture (needs Chromium)")
    taking.add_argument("file", type=Path, nargs="?", default=PICTURE)
    wanted = parser.parse_args()
    if wanted.what == "record":
        record()
    elif wanted.what == "picture":
        picture(wanted.file)
    else:
        look(wanted.folder, wanted.document)


main()
