"""Fine-tuning on a CPU: the lower layers' output is kept, the upper ones learn in two processes that meet often."""

from __future__ import annotations

import copy
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from sklearn.linear_model import LogisticRegression
from torch.nn import functional

from training.encoder.net import PAD, Net


@dataclass(frozen=True)
class Recipe:
    """Settings of the fine-tuning."""

    depth: int = 8
    frozen: int = 3
    epochs: int = 5
    batch: int = 24
    rate: float = 1.5e-4
    head_rate: float = 5e-4
    decay_of_rate: float = 0.85
    weight_decay: float = 0.01
    warm_up: float = 0.1
    smoothing: float = 0.1
    meet_every: int = 10
    seed: int = 0


def lower_output(net: Net, ids: list[list[int]], frozen: int) -> list[torch.Tensor]:
    """Output of the frozen layers for each message, in half precision."""
    found: list[torch.Tensor] = [torch.empty(0)] * len(ids)
    order = np.argsort([len(each) for each in ids], kind="stable")
    net.eval()
    with torch.inference_mode(), half():
        for start in range(0, len(order), 32):
            rows = order[start : start + 32]
            x = pad([ids[i] for i in rows])
            mask = (x != PAD)[:, None, None, :]
            h = net.embed(x)
            for layer in net.layers[:frozen]:
                h = layer(h, mask)
            for i, each in zip(rows, h, strict=True):
                found[i] = each[: len(ids[i])].bfloat16().clone()
    return found


def pad(ids: list[list[int]]) -> torch.Tensor:
    """One batch as a matrix."""
    longest = max(map(len, ids))
    return torch.tensor([each + [PAD] * (longest - len(each)) for each in ids])


def upper(net: Net, lower: list[torch.Tensor], frozen: int) -> torch.Tensor:
    """Scores of a batch from its lower output."""
    return net.head(functional.dropout(_to_the_head(net, lower, frozen), 0.1, net.training))


def _to_the_head(net: Net, lower: list[torch.Tensor], frozen: int) -> torch.Tensor:
    x = torch.nn.utils.rnn.pad_sequence([each.float() for each in lower], batch_first=True)
    lengths = torch.tensor([len(each) for each in lower])
    real = torch.arange(x.shape[1])[None, :] < lengths[:, None]
    for layer in net.layers[frozen:]:
        x = layer(x, real[:, None, None, :])
    return net.pool(x, real)


def score_batches(net: Net, lower: list[torch.Tensor], frozen: int) -> np.ndarray:
    """Log-probabilities of the categories."""
    order = np.argsort([len(each) for each in lower], kind="stable")
    found = np.empty((len(lower), net.head.out_features))
    net.eval()
    with torch.inference_mode(), half():
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            found[rows] = functional.log_softmax(upper(net, [lower[i] for i in rows], frozen).float(), 1).numpy()
    return found


def half() -> torch.autocast:
    """Multiply in bfloat16, which CPUs of today do twice as fast; weights and sums stay in 32 bits."""
    return torch.autocast("cpu", torch.bfloat16)


def pooled(net: Net, lower: list[torch.Tensor], frozen: int) -> np.ndarray:
    """What the head is given of each message."""
    order = np.argsort([len(each) for each in lower], kind="stable")
    found = np.empty((len(lower), net.head.in_features), np.float32)
    net.eval()
    with torch.inference_mode(), half():
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            found[rows] = _to_the_head(net, [lower[i] for i in rows], frozen).float().numpy()
    return found


def largest_inputs(net: Net, ids: list[list[int]]) -> dict[str, np.ndarray]:
    """
    Measure what the linear parts of the layers are given, for `training.encoder.export.to_onnx`.

    Parameters
    ----------
    net : Net
        As fitted.
    ids : list of list of int
        Some messages in pieces.

    Returns
    -------
    dict of str to numpy.ndarray of float32, shape (width,)
        Largest size of each input, by the part's name.
    """
    found: dict[str, np.ndarray] = {}

    def watch(name: str) -> Callable[..., None]:
        def note(_: torch.nn.Module, inputs: tuple[torch.Tensor]) -> None:
            size = inputs[0].abs().flatten(0, 1).amax(0).numpy()
            found[name] = np.maximum(found.get(name, 0), size)

        return note

    parts = {name: part for name, part in net.named_modules() if name.startswith("layers.")}
    hooks = [
        part.register_forward_pre_hook(watch(name)) for name, part in parts.items() if isinstance(part, torch.nn.Linear)
    ]
    net.eval()
    with torch.inference_mode():
        for each in ids:
            net(torch.tensor([each]))
    for hook in hooks:
        hook.remove()
    return found


def probe(net: Net, features: np.ndarray, targets: np.ndarray) -> None:
    """
    Begin with the best head for the network as it is, so that the first steps do not tear down what it knows.

    Parameters
    ----------
    net : Net
        Gets the head.
    features : numpy.ndarray of float32, shape (n, HIDDEN)
        From `pooled`.
    targets : numpy.ndarray of int, shape (n,)
        Categories.

    Notes
    -----
    Kumar et al., "Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution", ICLR 2022.
    """
    middle, spread = features.mean(0), features.std(0)
    found = LogisticRegression(C=0.3, max_iter=300).fit((features - middle) / spread, targets)
    weight = found.coef_ / spread
    with torch.no_grad():
        net.head.weight.copy_(torch.from_numpy(weight))
        net.head.bias.copy_(torch.from_numpy(found.intercept_ - weight @ middle))


def schedule(lengths: np.ndarray, recipe: Recipe, epoch: int, world: int) -> list[list[np.ndarray]]:
    """Batches of like length in random order, equally many and equally long for each process."""
    rng = np.random.default_rng([recipe.seed, epoch])
    order = rng.permutation(len(lengths))
    step = recipe.batch * world
    groups = []
    for start in range(0, len(order), step * 16):
        part = order[start : start + step * 16]
        part = part[np.argsort(lengths[part], kind="stable")]
        groups += [part[i : i + step] for i in range(0, len(part) - step + 1, step)]
    rng.shuffle(groups)
    return [[group[rank::world] for rank in range(world)] for group in groups]


def learn(rank, world, net, epochs_lower, targets, prior, held_out, recipe: Recipe, port: int, report) -> None:
    """
    One process of the fine-tuning; process 0 reports after each epoch.

    Parameters
    ----------
    rank, world : int
        Which process of how many.
    net : Net
        In shared memory only before the start: each process learns on a copy, all average every `meet_every` steps.
    epochs_lower : list of list of torch.Tensor
        For each epoch, the lower output of the messages (disguised differently).
    targets : torch.Tensor of int
        Categories.
    prior : torch.Tensor of float
        Cross-fitted log-probabilities of the categories by the n-grams: half of the loss is that of both together, so that the
        encoder learns most where the words alone mislead.
    held_out : list of torch.Tensor
        Lower output of messages to report on.
    recipe : Recipe
        Settings.
    port : int
        Where the processes meet, on this machine.
    report : callable
        Called by process 0 with (epoch, net, log-probabilities of `held_out`).
    """
    torch.set_num_threads(1)
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    dist.init_process_group("gloo", rank=rank, world_size=world)
    torch.manual_seed(recipe.seed * 1000 + rank)
    net = copy.deepcopy(net)
    for parameter in net.parameters():
        parameter.requires_grad_(False)
    groups: list[dict[str, Any]] = []
    depth = len(net.layers)
    for number, module in [*enumerate(net.layers), (depth, net.head)]:
        if number < recipe.frozen:
            continue
        top = number == depth
        rate = recipe.head_rate if top else recipe.rate * recipe.decay_of_rate ** (depth - 1 - number)
        matrices = [p for p in module.parameters() if p.dim() > 1]
        vectors = [p for p in module.parameters() if p.dim() == 1]
        groups += [
            {"params": matrices, "lr": rate, "weight_decay": recipe.weight_decay},
            {"params": vectors, "lr": rate, "weight_decay": 0.0},
        ]
    learning = [p for group in groups for p in group["params"]]
    for parameter in learning:
        parameter.requires_grad_(True)
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6)
    lengths = np.array([len(each) for each in epochs_lower[0]])
    plan = [schedule(lengths, recipe, epoch, world) for epoch in range(recipe.epochs)]
    total, warm = sum(map(len, plan)), recipe.warm_up * sum(map(len, plan))
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm, max(0.0, (total - s) / (total - warm)))
    )
    step, running, began = 0, math.nan, time.time()
    for epoch, groups_of_epoch in enumerate(plan):
        net.train()
        for shares in groups_of_epoch:
            rows = shares[rank]
            with half():
                scores = upper(net, [epochs_lower[epoch][i] for i in rows], recipe.frozen).float()
            loss = 0.5 * functional.cross_entropy(scores, targets[rows], label_smoothing=recipe.smoothing)
            loss = loss + 0.5 * functional.cross_entropy(scores + prior[rows], targets[rows])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learning, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            rate.step()
            step += 1
            running = loss.item() if math.isnan(running) else 0.97 * running + 0.03 * loss.item()
            if step % recipe.meet_every == 0 or step == total:
                _meet(learning, world)
            if rank == 0 and step % 50 == 0:
                print(f"step {step} of {total}, loss {running:.3f}, {time.time() - began:.0f} s", flush=True)
        _meet(learning, world)
        if rank == 0:
            report(epoch, net, score_batches(net, held_out, recipe.frozen))
        dist.barrier()
    dist.destroy_process_group()


def _meet(parameters: list[torch.Tensor], world: int) -> None:
    with torch.no_grad():
        flat = torch.cat([p.reshape(-1) for p in parameters])
        dist.all_reduce(flat)
        flat /= world
        at = 0
        for p in parameters:
            p.copy_(flat[at : at + p.numel()].view_as(p))
            at += p.numel()
