"""The encoder in torch: BERT's forward pass, a head of categories over the mean of the tokens."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional

HIDDEN, INNER, HEADS, LAYERS, EPS = 384, 1536, 12, 12, 1e-12
PAD = 1


class Layer(nn.Module):
    """One transformer layer, normalised after each part, as BERT's."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=EPS)
        self.up = nn.Linear(HIDDEN, INNER)
        self.down = nn.Linear(INNER, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=EPS)
        self.dropout = 0.1

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Transform (batch, length, HIDDEN); ``mask`` (batch, 1, 1, length) is True at tokens."""
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        drop = self.dropout if self.training else 0.0
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(batch, length, HIDDEN)
        x = self.norm1(x + functional.dropout(self.out(mixed), drop, self.training))
        return self.norm2(x + functional.dropout(self.down(functional.gelu(self.up(x))), drop, self.training))


class Net(nn.Module):
    """Encoder and head."""

    def __init__(self, n_pieces: int, n_classes: int, positions: int = 512, depth: int = LAYERS) -> None:
        super().__init__()
        self.word = nn.Embedding(n_pieces, HIDDEN)
        self.place = nn.Embedding(positions, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=EPS)
        self.layers = nn.ModuleList(Layer() for _ in range(depth))
        self.head = nn.Linear(HIDDEN, n_classes)

    def embed(self, ids: torch.Tensor) -> torch.Tensor:
        """Embed pieces and their places."""
        return self.norm(self.word(ids) + self.place.weight[: ids.shape[1]])

    def hidden(self, ids: torch.Tensor) -> torch.Tensor:
        """All layers."""
        x, mask = self.embed(ids), (ids != PAD)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def pool(self, x: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        """Mean of the tokens."""
        weight = real.float()[:, :, None]
        return (x * weight).sum(1) / weight.sum(1)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Scores of the categories, before softmax."""
        return self.head(self.pool(self.hidden(ids), ids != PAD))

    def load(self, tensors: dict[str, np.ndarray], kept: np.ndarray) -> Net:
        """Take the package's tensors; ``kept`` are the ids of the pieces that stay."""

        def put(target: torch.Tensor, value: np.ndarray) -> None:
            with torch.no_grad():
                target.copy_(torch.from_numpy(np.ascontiguousarray(value)).reshape(target.shape))

        put(self.word.weight, tensors["emb.word"][kept])
        # One type of text only: its vector is the same everywhere and joins the places.
        put(self.place.weight, tensors["emb.pos"] + tensors["emb.type"][:HIDDEN])
        put(self.norm.weight, tensors["emb.ln.w"])
        put(self.norm.bias, tensors["emb.ln.b"])
        for i, layer in enumerate(self.layers):
            part = {name.removeprefix(f"l{i}."): t for name, t in tensors.items() if name.startswith(f"l{i}.")}
            put(layer.qkv.weight, np.concatenate([part["q.w"], part["k.w"], part["v.w"]]))
            put(layer.qkv.bias, np.concatenate([part["q.b"], part["k.b"], part["v.b"]]))
            for module, name in (
                (layer.out, "ao"), (layer.norm1, "aln"), (layer.up, "fi"), (layer.down, "fo"), (layer.norm2, "oln"),
            ):  # fmt: skip
                put(module.weight, part[f"{name}.w"])
                put(module.bias, part[f"{name}.b"])
        return self
