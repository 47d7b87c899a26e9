"""The network: a part of multilingual-e5-small with a tag for every word (PyTorch).

Layers of a transformer (Vaswani et al. 2017; norms after the sums, as in BERT). The first ones read
all pieces, the others only the first piece of each word, which by then knows the rest of it: a
fifth less to compute. The vocabulary is not trained: rare pieces stay what they are beside others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from digests.nlp.names import TAGS
from training.e5 import E5


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts side by side: pieces, where words begin, and which of both are no padding."""

    pieces: Tensor  # [texts, pieces]
    is_piece: Tensor
    begins: Tensor  # [texts, words]
    is_word: Tensor


class Layer(nn.Module):
    """Attention of every place to every other, then each place by itself."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.qkv, self.ao = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fi, self.fo = nn.Linear(width, inner), nn.Linear(inner, width)
        self.aln, self.oln = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        """``hidden``: what is added to the attention, very negative for padding."""
        texts, places, width = x.shape
        parts = self.qkv(x).view(texts, places, 3, self.heads, width // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        weights = (q * (width // self.heads) ** -0.5) @ k.transpose(-1, -2) + hidden
        seen = weights.softmax(-1, dtype=q.dtype) @ v
        x = self.aln(x + self.ao(seen.transpose(1, 2).reshape(texts, places, width)))
        inner = self.fo(functional.gelu(self.fi(x)))
        y: Tensor = self.oln(x + functional.dropout(inner, self.dropout, self.training))
        return y


class Network(nn.Module):
    """Scores of every tag for every word."""

    def __init__(
        self, e5: E5, kept: Sequence[int], layers: Sequence[int], gather: int, dropout: float
    ) -> None:
        """``kept`` pieces and ``layers`` of ``e5``; from layer ``gather`` on only words."""
        super().__init__()
        self.gather, self.dropout, self.heads = gather, dropout, e5.heads
        positions = e5.tensors["emb.pos"].size // e5.width
        self.word = nn.Embedding(len(kept), e5.width)
        self.pos = nn.Embedding(positions, e5.width)
        self.ln = nn.LayerNorm(e5.width)
        self.layers = nn.ModuleList(Layer(e5.width, e5.heads, e5.inner, dropout) for _ in layers)
        self.head = nn.Linear(e5.width, len(TAGS))
        self.load_state_dict(_weights(e5, kept, layers), strict=False)  # all but the head
        self.word.weight.requires_grad_(False)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, batch: Batch) -> Tensor:
        """A row of scores for each word, text by text."""
        x = self.ln(self.word(batch.pieces) + self.pos.weight[: batch.pieces.shape[1]])
        x = functional.dropout(x, self.dropout, self.training)
        hidden = _hidden(batch.is_piece)
        for number, layer in enumerate(self.layers):
            if number == self.gather:
                x = torch.gather(x, 1, batch.begins[:, :, None].expand(-1, -1, x.shape[-1]))
                hidden = _hidden(batch.is_word)
            x = layer(x, hidden)
        scores: Tensor = self.head(
            functional.dropout(x[batch.is_word], self.dropout, self.training)
        )
        return scores


def ranges(network: Network, batches: Iterable[Batch]) -> dict[str, NDArray[np.float32]]:
    """By matrix of the layers, the largest size of every place of what comes into it."""
    found, hooks = dict[str, Tensor](), []

    def look(name: str, given: Tensor) -> None:
        size = given.detach().float().abs().flatten(0, -2).amax(0)
        found[name] = torch.maximum(found[name], size) if name in found else size

    for name, part in network.layers.named_modules(prefix="layers"):
        if isinstance(part, nn.Linear):
            hooks.append(part.register_forward_pre_hook(lambda _, x, name=name: look(name, x[0])))
    network.eval()
    with torch.no_grad():
        for batch in batches:
            network(batch)
    network.train()
    for hook in hooks:
        hook.remove()
    return {name: size.numpy() for name, size in found.items()}


def _hidden(is_there: Tensor) -> Tensor:
    return torch.where(is_there, 0.0, -30_000.0)[:, None, None, :].to(torch.bfloat16)


def _weights(e5: E5, kept: Sequence[int], layers: Sequence[int]) -> dict[str, Tensor]:
    """The tensors of ``e5`` under the names, and in the shapes, of the network."""
    t, width = e5.tensors, e5.width
    found: dict[str, NDArray[np.float32]] = {
        "word.weight": t["emb.word"].reshape(-1, width)[list(kept)],
        "pos.weight": t["emb.pos"].reshape(-1, width) + t["emb.type"][:width],
        "ln.weight": t["emb.ln.w"],
        "ln.bias": t["emb.ln.b"],
    }
    for new, old in enumerate(layers):
        for end, long in (("w", "weight"), ("b", "bias")):
            joined = np.concatenate([t[f"l{old}.{part}.{end}"] for part in "qkv"])
            found[f"layers.{new}.qkv.{long}"] = joined
            for part in ("ao", "fi", "fo", "aln", "oln"):
                found[f"layers.{new}.{part}.{long}"] = t[f"l{old}.{part}.{end}"]
        for part, columns in (("qkv", width), ("ao", width), ("fi", width), ("fo", e5.inner)):
            name = f"layers.{new}.{part}.weight"
            found[name] = found[name].reshape(-1, columns)
    return {name: torch.from_numpy(np.array(value)) for name, value in found.items()}
