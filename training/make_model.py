"""Fit, measure and pack the shipped model: `python -m training.make_model` (`make model`)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from tasrib.classify import CampaignClassifier, Encoder, load_model, save_model
from tasrib.classify.answers import ANSWERS, store_answers
from tasrib.classify.encoder import ENCODER_FILES
from tasrib.classify.real_text import REAL_TEXT, RealText
from tasrib.text import VarietyClassifier, near_duplicate_groups
from training import make_starts
from training.corpus import joined_groups, load_corpus
from training.evaluate import measure_model, print_measures, write_figures
from training.paths import MODEL
from training.taught import CALIBRATE, REAL, TEACH, TEST, taught_messages


def main() -> None:
    """
    Write `model/`: weights fitted on the training batches, and their figures on the test batches.

    The encoder in the folder, made by `training.finetune`, stays as it is; where there is none, the model has none.
    """
    messages = taught_messages()
    if not (messages["source"] == REAL).any():
        print(
            "the pool of real text is not on this machine: the model learns from the written messages alone, and will be worse on real ones"
        )
    fitted_on = messages[messages["part"] != TEST]
    groups = joined_groups(near_duplicate_groups(fitted_on["text"].tolist()), fitted_on["batch"])
    encoder = Encoder(MODEL) if all((MODEL / name).is_file() for name in ENCODER_FILES) else None
    classifier = CampaignClassifier(n_jobs=2, encoder=encoder)
    classifier.fit(fitted_on["text"], fitted_on["category"], groups, unseen=fitted_on["part"] == CALIBRATE)
    classifier.set_params(n_jobs=None)
    spoken = fitted_on[fitted_on["language"] != ""]
    variety = VarietyClassifier().fit(spoken["text"].tolist(), spoken["language"])
    save(classifier, variety, messages)
    make_starts.main()
    found = measure_model(load_model(MODEL), load_corpus())
    print_measures(found)
    write_figures(found)


def save(classifier: CampaignClassifier, variety: VarietyClassifier, messages: pd.DataFrame) -> None:
    """
    Write the weights, with the encoder's answers about what `tasrib train` will ask it of the messages.

    Parameters
    ----------
    classifier, variety : fitted estimators
        To be stored.
    messages : pandas.DataFrame
        From `training.taught.taught_messages`.
    """
    if classifier.encoder is None:
        save_model(classifier, variety, MODEL)
        return
    # All others taught the encoder: what it says of them is asked for nowhere.
    asked = messages["part"] != TEACH
    with TemporaryDirectory() as folder:
        answers, real_text = Path(folder) / ANSWERS, Path(folder) / REAL_TEXT
        store_answers(classifier.encoder, messages.loc[asked, "text"], answers)
        real = messages[messages["source"] == REAL]
        RealText(classifier.count(real["text"]), real["category"].to_numpy()).store(real_text)
        save_model(classifier, variety, MODEL, answers=answers, real_text=real_text)


if __name__ == "__main__":
    main()
