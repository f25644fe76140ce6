"""A model as a folder of arrays and JSON: nothing in it can run, and a changed byte is noticed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tasrib._arguments import as_kind, as_path
from tasrib._resources import resource
from tasrib.classify.answers import ANSWERS, stored_answers
from tasrib.classify.batch import Reference
from tasrib.classify.encoder import ENCODER_FILES, Encoder
from tasrib.classify.gate import Gate
from tasrib.classify.real_text import REAL_TEXT
from tasrib.classify.scorer import Scorer
from tasrib.classify.starts import STARTS
from tasrib.errors import ModelRefused, TasribError
from tasrib.tables.files import Outputs
from tasrib.tables.places import check_new_folder
from tasrib.text.ngrams import KINDS
from tasrib.text.varieties import Varieties

if TYPE_CHECKING:
    from tasrib.classify.campaign import CampaignClassifier
    from tasrib.text.language import VarietyClassifier

FORMAT = 3
MANIFEST = "manifest.json"
_SETTINGS, _CATEGORY, _LANGUAGE = "settings.json", "category.npz", "language.npz"
_FILES = (_SETTINGS, _CATEGORY, _LANGUAGE)
# For whoever trains.
_BESIDES = (ANSWERS, REAL_TEXT, STARTS)
MODEL_FILES = (*_FILES, *ENCODER_FILES, *_BESIDES, MANIFEST)
_MADE_BY = "tasrib"
# Behind the version of a model that was not let ask its encoder.
FAST = "-fast"


@dataclass(frozen=True)
class Model:
    """
    What is shipped together.

    Attributes
    ----------
    scorer : Scorer
        Category, probability, decision.
    varieties : Varieties
        Language variety.
    version : str
        First 12 digits of the manifest's SHA-256: names exactly this model.
    answers : pathlib.Path, optional
        What its encoder said of the corpus, for whoever trains: see `tasrib.classify.answers`. Scoring asks the encoder itself.
    real_text : pathlib.Path, optional
        The n-grams of real text that it learnt from, for whoever trains: see `tasrib.classify.real_text`.
    starts : pathlib.Path, optional
        Where fits on the corpus end, for whoever trains: see `tasrib.classify.starts`.
    folder : pathlib.Path, optional
        Where it was loaded from.
    """

    scorer: Scorer
    varieties: Varieties
    version: str = ""
    answers: Path | None = None
    real_text: Path | None = None
    folder: Path | None = None
    starts: Path | None = None

    @cached_property
    def classifier(self) -> CampaignClassifier:
        """The estimator of the scorer; it takes scikit-learn to make it."""
        from tasrib.classify.campaign import CampaignClassifier

        return self.scorer.made_into(CampaignClassifier)

    @cached_property
    def variety(self) -> VarietyClassifier:
        """The estimator of the varieties."""
        from tasrib.text.language import VarietyClassifier

        return self.varieties.made_into(VarietyClassifier)

    def fast(self) -> Model:
        """
        Make a copy that never asks its encoder.

        Returns
        -------
        Model
            With `FAST` behind its version: what it says is another model's word.

        Raises
        ------
        ModelRefused
            As `Scorer.without_encoder`.
        """
        alone = self.scorer.without_encoder()
        return self if alone is self.scorer else replace(self, scorer=alone, version=f"{self.version}{FAST}")

    def for_batches(self) -> Model:
        """
        Make a copy that leaves to the batch what can be left to it.

        Returns
        -------
        Model
            With `Scorer.for_batches`; what it says of messages is to be settled, and then it is this very model's word.
        """
        return replace(self, scorer=self.scorer.for_batches())

    def remembering(self, texts: Iterable[str] = ()) -> Model:
        """
        Make a copy whose encoder keeps all its answers.

        Parameters
        ----------
        texts : iterable of str
            Messages that it will be asked about; of what came with the model it knows those about these.

        Returns
        -------
        Model
            For a comparison, which asks several models about the same messages; to be given up after it.
        """
        encoder = self.scorer.encoder
        if encoder is None:
            return self
        kept = Encoder(encoder.folder, encoder.threads, kept=None)
        known = list(texts)
        if known and self.answers is not None:
            kept.remember(stored_answers(kept, known, self.answers))
        return replace(self, scorer=Scorer(self.scorer.settings | {"encoder": kept}, self.scorer.fitted))


def save_model(
    classifier: CampaignClassifier,
    variety: VarietyClassifier,
    folder: str | Path,
    *,
    answers: str | Path | None = None,
    real_text: str | Path | None = None,
    starts: str | Path | None = None,
    beside: Callable[[Path], Mapping[str, str]] | None = None,
) -> Path:
    """
    Write a fitted model: all its files or none.

    Parameters
    ----------
    classifier, variety : fitted estimators
        What to store. The classifier's encoder is copied, so that the folder is whole by itself.
    folder : path
        Made where missing; files of an earlier model in it are replaced.
    answers : path, optional
        What the classifier's encoder said of the corpus, from `tasrib.classify.answers.store_answers`; copied. Who trains from a model
        without it waits longer.
    real_text : path, optional
        From `tasrib.classify.real_text.RealText.store`; copied. Who trains from a model without it learns from written messages alone.
    starts : path, optional
        From `tasrib.classify.starts.Starts.store`; copied. Who trains from a model without it waits longer.
    beside : callable, optional
        Called with a folder that holds the model, before it stands in its place; gives the text of further files by their names.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    TasribError
        As `check_model_folder`.
    NotFittedError
        When an estimator is not fitted.
    """
    # Who only scores needs none of this.
    from sklearn.utils.validation import check_is_fitted

    from tasrib.classify.campaign import CampaignClassifier
    from tasrib.text.language import VarietyClassifier

    folder = as_path(folder, "the folder of a model")
    check_is_fitted(as_kind(classifier, CampaignClassifier, "a fitted tasrib.CampaignClassifier"))
    check_is_fitted(as_kind(variety, VarietyClassifier, "a fitted VarietyClassifier, as that of tasrib.load_model()"))
    check_model_folder(folder)
    with Outputs() as outputs:
        unfinished = outputs.aside(folder)
        _write(classifier, variety, {ANSWERS: answers, REAL_TEXT: real_text, STARTS: starts}, unfinished)
        for name, text in ({} if beside is None else beside(unfinished)).items():
            (unfinished / name).write_text(text, encoding="utf-8")
        for name in (*ENCODER_FILES, *_BESIDES):
            if not (unfinished / name).exists():
                outputs.remove(folder / name)
    return folder


def check_model_folder(folder: str | Path, names: Iterable[str] = MODEL_FILES) -> None:
    """
    Refuse a folder that a model could not be written to, before anything costly is done for it.

    Parameters
    ----------
    folder : path
        As for `save_model`; where it is missing it is missing afterwards too.
    names : iterable of str
        Files to be written in it.

    Raises
    ------
    TasribError
        When the folder cannot be made or written to, or holds a file by one of these names and is no model's folder.
    """
    folder = Path(folder)
    there = [name for name in names if os.path.lexists(folder / name)]
    check_new_folder(folder, there)
    if there and not _is_model(folder / MANIFEST):
        raise TasribError(
            f"{folder} holds a {there[0]} that is not of a tasrib model, and would be lost; name another folder, or move it away"
        )


def _is_model(manifest: Path) -> bool:
    try:
        return bool(json.loads(manifest.read_bytes())["made_by"] == _MADE_BY)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write(
    classifier: CampaignClassifier, variety: VarietyClassifier, besides: Mapping[str, str | Path | None], folder: Path
) -> None:
    encoder = classifier.encoder
    settings: dict[str, Any] = {
        "classifier": {name: value for name, value in classifier.get_params().items() if name != "encoder"}
        | {
            "classes": classifier.classes_.tolist(),
            "calibration": list(classifier.calibration_),
            "thresholds": list(classifier.thresholds_),
            "encoder_weight": classifier.encoder_weight_,
            "gate": classifier.gate_.stored(),
            "alone": classifier.alone_,
            "reference": _stored(classifier.reference_),
            "reference_alone": _stored(classifier.reference_alone_),
        },
        "variety": variety.get_params() | {"classes": variety.pure_classes_.tolist()},
    }
    (folder / _SETTINGS).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    used = np.flatnonzero(np.any(classifier.coef_, axis=0)).astype(np.int32)
    np.savez_compressed(
        folder / _CATEGORY,
        columns=used,
        idf=classifier.idf_[used],
        unseen=classifier.idf_.max(),
        coef=classifier.coef_[:, used],
        intercept=classifier.intercept_,
    )
    np.savez_compressed(folder / _LANGUAGE, coef=variety.coef_, intercept=variety.intercept_)
    files = {} if encoder is None else {name: encoder.folder / name for name in ENCODER_FILES}
    files |= {name: Path(file) for name, file in besides.items() if file is not None}
    if encoder is None:
        files.pop(ANSWERS, None)
    for name, file in files.items():
        # A copy, not a link: damage to the file in one folder must not reach another model.
        shutil.copyfile(file, folder / name)
    names = (*_FILES, *files)
    manifest = {"format": FORMAT, "made_by": _MADE_BY, "sha256": {name: _digest(folder / name) for name in names}}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _stored(reference: Reference | None) -> dict[str, Any] | None:
    return None if reference is None else reference.stored()


def load_model(folder: str | Path | None = None) -> Model:
    """
    Read a model, after checking that it is the one its manifest describes.

    Parameters
    ----------
    folder : path, optional
        A folder written by `save_model`; the shipped model by default.

    Returns
    -------
    Model
        The fitted estimators.

    Raises
    ------
    ModelRefused
        When the folder is no model, a file is missing or does not match its SHA-256, or the format is another.
    """
    folder = resource("model") if folder is None else as_path(folder, "the folder of a model")
    version, there = _check(folder)
    settings = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
    try:
        encoder = Encoder(folder) if ENCODER_FILES[0] in there else None
        scorer = _scorer(settings["classifier"] | {"encoder": encoder}, _arrays(folder / _CATEGORY, version))
        varieties = _varieties(settings["variety"], _arrays(folder / _LANGUAGE, version))
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise ModelRefused(f"{folder}: the model's parts do not fit together ({error}); make it anew") from None
    answers, real_text, starts = (folder / name if name in there else None for name in _BESIDES)
    return Model(scorer, varieties, version, answers, real_text, folder, starts)


def _check(folder: Path) -> tuple[str, tuple[str, ...]]:
    """Version of the model, and the files that it has."""
    manifest_file = folder / MANIFEST
    if not manifest_file.is_file():
        raise ModelRefused(
            f"{folder}: no {MANIFEST} there, so this is no tasrib model; name a folder made by tasrib train"
        )
    raw = manifest_file.read_bytes()
    try:
        manifest = json.loads(raw)
        written, digests = manifest["format"], dict(manifest["sha256"])
    except (ValueError, KeyError, TypeError):
        raise ModelRefused(f"{manifest_file}: not a manifest of tasrib; restore the model from its source") from None
    if written != FORMAT:
        raise ModelRefused(f"{manifest_file}: format {written!r}, this tasrib reads {FORMAT}; retrain or update tasrib")
    encoded = any(name in digests for name in ENCODER_FILES)
    besides = [name for name in _BESIDES if name in digests and (encoded or name != ANSWERS)]
    names = (*_FILES, *(ENCODER_FILES if encoded else ()), *besides)
    for name in names:
        file = folder / name
        if not file.is_file():
            raise ModelRefused(f"{file}: missing; restore the model from its source")
        if name not in digests or _digest(file) != digests[name]:
            raise ModelRefused(
                f"{file}: its SHA-256 is not the one in {MANIFEST}, so it was changed or is foreign; "
                "restore the model from its source or make it anew with tasrib train"
            )
    return hashlib.sha256(raw).hexdigest()[:12], names


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@lru_cache(maxsize=4)
def _arrays(file: Path, version: str) -> dict[str, np.ndarray]:
    """The arrays of a file, which the model of this version is known to have: a program that asks for a model again and again unpacks it once."""
    # allow_pickle=False: an object array, the one kind that could carry code, raises ValueError.
    with np.load(file, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    for array in arrays.values():
        # They are shared.
        array.flags.writeable = False
    return arrays


def _scorer(settings: dict[str, Any], arrays: dict[str, np.ndarray]) -> Scorer:
    names = ("classes", "calibration", "thresholds", "encoder_weight", "gate")
    classes, calibration, thresholds, encoder_weight, gate = (settings.pop(name) for name in names)
    # Models that were made before it are read all the same.
    alone = settings.pop("alone", None)
    reference, reference_alone = (Reference.of(settings.pop(name, None)) for name in ("reference", "reference_alone"))
    settings["char_range"], settings["word_range"] = tuple(settings["char_range"]), tuple(settings["word_range"])
    width = KINDS * 2 ** settings["bits"]
    idf = np.full(width, arrays["unseen"], np.float32)
    idf[arrays["columns"]] = arrays["idf"]
    # The weights of one n-gram side by side: they are asked for together.
    weights = np.zeros((width, len(classes)), np.float32)
    weights[arrays["columns"]] = arrays["coef"].T
    return Scorer(
        settings,
        {
            "classes_": np.array(classes),
            "calibration_": tuple(calibration),
            "thresholds_": tuple(thresholds),
            "encoder_weight_": float(encoder_weight),
            "gate_": Gate.of(gate),
            "alone_": None if alone is None else tuple(alone),
            "reference_": reference,
            "reference_alone_": reference_alone,
            "idf_": idf,
            "coef_": weights.T,
            "intercept_": arrays["intercept"],
        },
    )


def _varieties(settings: dict[str, Any], arrays: dict[str, np.ndarray]) -> Varieties:
    classes = np.array(settings.pop("classes"))
    fitted = {"pure_classes_": classes, "classes_": np.append(classes, "mixed")}
    return Varieties(settings, fitted | {"coef_": arrays["coef"], "intercept_": arrays["intercept"]})
