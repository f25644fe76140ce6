"""Fit, measure and pack the shipped model: `python -m training.make_model` (`make model`)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from tasrib.classify import CampaignClassifier, Encoder, load_model, save_model
from tasrib.classify.answers import ANSWERS, store_answers
from tasrib.classify.encoder import ENCODER_FILES
from tasrib.learning import is_calibration_batch, is_test_batch
from tasrib.text import VarietyClassifier, near_duplicate_groups
from training.corpus import joined_groups, load_corpus
from training.evaluate import measure_model, print_measures, write_figures
from training.paths import MODEL


def main() -> None:
    """
    Write `model/`: weights fitted on the training batches, and their figures on the test batches.

    The encoder in the folder, made by `training.finetune`, stays as it is; where there is none, the model has none.
    """
    corpus = load_corpus()
    fitted_on = corpus[~corpus["batch"].map(is_test_batch)]
    groups = joined_groups(near_duplicate_groups(fitted_on["text"].tolist()), fitted_on["batch"])
    encoder = Encoder(MODEL) if all((MODEL / name).is_file() for name in ENCODER_FILES) else None
    unseen = fitted_on["batch"].map(is_calibration_batch)
    classifier = CampaignClassifier(n_jobs=2, encoder=encoder)
    classifier.fit(fitted_on["text"], fitted_on["category"], groups, unseen=unseen)
    classifier.set_params(n_jobs=None)
    variety = VarietyClassifier().fit(fitted_on["text"].tolist(), fitted_on["language"])
    save(classifier, variety, corpus)
    found = measure_model(load_model(MODEL), corpus)
    print_measures(found)
    write_figures(found)


def save(classifier: CampaignClassifier, variety: VarietyClassifier, corpus: pd.DataFrame) -> None:
    """
    Write the weights, with the encoder's answers about what `tasrib train` will ask it of the corpus.

    Parameters
    ----------
    classifier, variety : fitted estimators
        To be stored.
    corpus : pandas.DataFrame
        From `training.corpus.load_corpus`.
    """
    if classifier.encoder is None:
        save_model(classifier, variety, MODEL)
        return
    # All other batches taught the encoder: what it says of them is asked for nowhere.
    asked = corpus["batch"].map(lambda batch: is_test_batch(batch) or is_calibration_batch(batch))
    with TemporaryDirectory() as folder:
        answers = Path(folder) / ANSWERS
        store_answers(classifier.encoder, corpus.loc[asked, "text"], answers)
        save_model(classifier, variety, MODEL, answers=answers)


if __name__ == "__main__":
    main()
