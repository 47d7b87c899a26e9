"""The curated list of well-known actors, as plain text: see :mod:`digests.curated`."""
