"""A digest in a language model's words, shown only where its cited sentences say the same. Pure.

:func:`prompt` asks for the sentences of a digest to be retold, each with the
numbers of the sentences it rests on; :func:`check` refuses whatever those do
not bear out; :func:`retold` puts what passed in the place of the sentences.

What is checked can be told from words alone: names, numbers, dates and every
capitalised word, negations and hedges, who speaks, the order and the company of
names. That a verb was replaced by its opposite cannot; two thirds of the words
must be those of the sentences, and the model is asked for no more than joining
and shortening. Whoever doubts is shown the sentences themselves.
"""

from digests.rewriting.checking import check
from digests.rewriting.citing import citable
from digests.rewriting.retelling import MARKS, MOST_SENTENCES, prompt, retold
from digests.rewriting.values import Cited, Refused, Told

__all__ = [
    "MARKS",
    "MOST_SENTENCES",
    "Cited",
    "Refused",
    "Told",
    "check",
    "citable",
    "prompt",
    "retold",
]
