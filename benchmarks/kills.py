"""The bot killed with SIGKILL at random moments while it ingests, composes and sends.

    python -m benchmarks.kills [--kills 200] [--seed 1]

The real process (python -m bot run) works on a real database against a Bot API
on loopback. Afterwards every report must have reached every chat, and whatever
came twice must say that it may be a repeat. See tests/e2e/kills.py.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from tests.botapi import BotApi
from tests.e2e.conftest import Bot
from tests.e2e.kills import Victim


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as home, BotApi() as api:
        seeds = Path(home) / "seeds"
        seeds.mkdir()
        victim = Victim(Bot(api, Path(home), seeds), random.Random(arguments.seed))
        victim.begin()
        for number in range(1, arguments.kills + 1):
            victim.kill_once()
            if number % 10 == 0:
                spent = time.monotonic() - began
                print(f"{number} kills, {spent:.0f} s, {dict(victim.states())}", flush=True)
        victim.finish(patience=1800)
        repeats = victim.check()
    print(
        f"{arguments.kills} kills ({dict(victim.moments)}), {victim.reports} reports for"
        f" {len(victim.chats)} chats: all arrived, {repeats} repeats, all marked;"
        f" {time.monotonic() - began:.0f} s"
    )


if __name__ == "__main__":
    main()
