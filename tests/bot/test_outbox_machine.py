"""The promise of the outbox, tried: see outbox_machine for what is tried and what must hold."""

from hypothesis import HealthCheck, Phase, settings
from outbox_machine import HoldingMachine, OutboxMachine

SHORT = settings(
    max_examples=5,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,  # the same steps every time; benchmarks/outbox.py looks for new ones
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking takes many minutes
    suppress_health_check=list(HealthCheck),
)

TestResending = OutboxMachine.TestCase
TestResending.settings = SHORT
TestHolding = HoldingMachine.TestCase
TestHolding.settings = SHORT
