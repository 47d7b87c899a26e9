"""The five real reports, read by hand sentence by sentence, against what Depesche reads in them."""

import pytest

from tests.golden.notation import differences
from tests.golden.reports import KEYS, SHARED, digest, load, read

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the five reports are not here")


@pytest.mark.parametrize("key", KEYS)
def test_the_text_is_the_one_that_was_read_by_hand(key):
    draft, _ = read()[key]
    assert digest(draft.text) == load(key)[0], "the cleaning changed: every span must be set anew"


@pytest.mark.parametrize("key", KEYS)
def test_a_report_is_read_as_by_hand_but_for_known_mistakes(key):
    draft, reading = read()[key]
    _, wanted = load(key)
    found = differences(wanted, reading, draft.text)
    assert not found - wanted.wrong, "new mistakes"
    assert not wanted.wrong - found, "mended: strike them from `wrong`"
