"""The outbox as a state machine, at length: crashes at every commit, every kind of answer.

    python -m benchmarks.outbox [--steps 10000]

The machine is tests/bot/outbox_machine.py's, on the real database and outbox.
Ends with an example and a traceback if a message is lost, comes twice without
saying so, out of order, or too fast.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "bot"))

from outbox_machine import HoldingMachine, OutboxMachine

STEPS_EACH = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=10_000)
    wanted = parser.parse_args().steps
    began = time.monotonic()
    machines = (OutboxMachine, HoldingMachine)
    for machine, share in zip(machines, (0.75, 0.25), strict=True):
        while machine.steps < wanted * share:
            # Examples may end early: as many as it takes.
            left = wanted * share - machine.steps
            long = settings(
                max_examples=max(4, int(left / STEPS_EACH)),
                stateful_step_count=STEPS_EACH,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            run_state_machine_as_test(machine, settings=long)
        print(f"{machine.__name__}: {machine.steps} steps, {machine.crashed} crashes")
    print(", ".join(f"{fault}: {n}" for fault, n in OutboxMachine.answers.most_common()))
    print(f"{sum(one.steps for one in machines)} steps in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
