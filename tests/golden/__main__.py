"""Show where a reading differs from the gold, or where words stand in a report.

usage: python -m tests.golden [KEY ...] [--without-list]   differences, with the words meant
       python -m tests.golden --find KEY WORDS             the spans of words in the cleaned text

``--without-list`` reads without the actors of the curated list (with its offices and first names).
"""

import argparse
import re
import sys

from tests.golden.notation import differences
from tests.golden.reports import KEYS, load, read


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("keys", nargs="*", default=KEYS)
    parser.add_argument("--find", nargs=2, metavar=("KEY", "WORDS"))
    parser.add_argument("--without-list", action="store_true")
    options = parser.parse_args()
    if options.find:
        key, words = options.find
        text = read()[key][0].text
        for found in re.finditer(re.escape(words), text):
            around = " ".join(text[max(0, found.start() - 30) : found.end() + 30].split())
            say(f"[{found.start()}, {found.end()}]  # {around}")
        return
    for key in options.keys:
        draft, reading = read(not options.without_list)[key]
        _, wanted = load(key)
        for line in sorted(differences(wanted, reading, draft.text), key=_first):
            known = "known" if line in wanted.wrong else "NEW  "
            say(f'{key} {known} "{line}"  # {_words(line, draft.text)}')
        for line in sorted(wanted.wrong - differences(wanted, reading, draft.text)):
            say(f'{key} MENDED "{line}"')


def say(line: str) -> None:
    """One line on the terminal."""
    sys.stdout.write(f"{line}\n")


def _first(line: str) -> int:
    found = re.search(r"(\d+):\d+", line)
    return int(found[1]) if found else 0


def _words(line: str, text: str) -> str:
    spans = re.findall(r"(\d+):(\d+)", line)
    return " | ".join(" ".join(text[int(a) : int(b)].split()) for a, b in spans)


if __name__ == "__main__":
    main()
