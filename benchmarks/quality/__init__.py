"""Answers to public yardsticks: ``python -m benchmarks.quality TASK --data DIR --out FILE``."""
