"""A picture of a page, taken by a headless Chromium that is on this machine."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image

_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
_SECONDS: Final = 120
_MEASURE: Final = """<script>addEventListener("load", () => {
  const box = document.querySelector("main").getBoundingClientRect();
  document.documentElement.dataset.size = Math.ceil(box.width) + "x" + Math.ceil(box.height);
})</script>"""


class NoBrowserError(RuntimeError):
    """There is no Chromium here."""


def shot(page: str, *, scale: int = 2, colours: int = 256) -> bytes:
    """A PNG of all of ``page``'s main element, with at most ``colours`` colours.

    Raises NoBrowserError, or CalledProcessError where the browser fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(page + _MEASURE, "utf-8")
        shown = _browse(folder, "--dump-dom", "--window-size=1600,900", file.as_uri())
        size = re.search(r'data-size="(\d+)x(\d+)"', shown)
        if size is None:
            raise RuntimeError("the page could not be measured")
        _browse(
            folder,
            f"--screenshot={folder}/page.png",
            f"--window-size={size[1]},{size[2]}",
            f"--force-device-scale-factor={scale}",
            "--hide-scrollbars",
            file.as_uri(),
        )
        picture = Image.open(Path(folder, "page.png")).convert("RGB")
    made = io.BytesIO()
    picture.quantize(colours, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def _browse(folder: str, *arguments: str) -> str:
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        raise NoBrowserError(f"none of these is here: {', '.join(_BROWSERS)}")
    run = subprocess.run(
        [
            *(browser, "--headless=new", "--no-sandbox", "--disable-gpu"),
            *(f"--user-data-dir={folder}/profile", "--no-first-run", "--force-color-profile=srgb"),
            *arguments,
        ],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=True,
    )
    return run.stdout
