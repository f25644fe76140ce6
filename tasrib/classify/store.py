"""A model as a folder of arrays and JSON: nothing in it can run, and a changed byte is noticed."""

from __future__ import annotations

import hashlib
import json
import shutil
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tasrib._arguments import as_path
from tasrib._resources import resource
from tasrib.classify.campaign import CampaignClassifier
from tasrib.classify.encoder import ENCODER_FILES, Encoder, RememberingEncoder
from tasrib.errors import ModelRefused
from tasrib.text import KINDS, VarietyClassifier

FORMAT = 3
MANIFEST = "manifest.json"
_SETTINGS, _CATEGORY, _LANGUAGE = "settings.json", "category.npz", "language.npz"
_FILES = (_SETTINGS, _CATEGORY, _LANGUAGE)


@dataclass(frozen=True)
class Model:
    """
    What is shipped together.

    Attributes
    ----------
    classifier : CampaignClassifier
        Category, probability, decision.
    variety : VarietyClassifier
        Language variety.
    version : str
        First 12 digits of the manifest's SHA-256: names exactly this model.
    """

    classifier: CampaignClassifier
    variety: VarietyClassifier
    version: str = ""

    def remembering(self) -> Model:
        """
        Make a copy whose encoder keeps its answers.

        Returns
        -------
        Model
            For a comparison, which asks several models about the same messages; see `tasrib.classify.RememberingEncoder`.
        """
        if self.classifier.encoder is None:
            return self
        classifier = copy(self.classifier)
        classifier.encoder = RememberingEncoder(self.classifier.encoder)
        return replace(self, classifier=classifier)


def save_model(classifier: CampaignClassifier, variety: VarietyClassifier, folder: str | Path) -> Path:
    """
    Write a fitted model.

    Parameters
    ----------
    classifier, variety : fitted estimators
        What to store. The classifier's encoder is copied, so that the folder is whole by itself.
    folder : path
        Made where missing; files of an earlier model in it are replaced.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    encoder = classifier.encoder
    settings: dict[str, Any] = {
        "classifier": {name: value for name, value in classifier.get_params().items() if name != "encoder"}
        | {
            "classes": classifier.classes_.tolist(),
            "calibration": list(classifier.calibration_),
            "thresholds": list(classifier.thresholds_),
            "encoder_weight": classifier.encoder_weight_,
            # JSON has no infinity: no gate is null.
            "gate": None if np.isinf(classifier.gate_[0]) else list(classifier.gate_),
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
    names = _FILES if encoder is None else (*_FILES, *ENCODER_FILES)
    for name in ENCODER_FILES:
        _bring(name, None if encoder is None else encoder.folder, folder)
    manifest = {"format": FORMAT, "made_by": "tasrib", "sha256": {name: _digest(folder / name) for name in names}}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return folder


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
    version, encoded = _check(folder)
    settings = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
    try:
        classifier = _classifier(settings["classifier"], _arrays(folder / _CATEGORY))
        classifier.encoder = Encoder(folder) if encoded else None
        variety = _variety(settings["variety"], _arrays(folder / _LANGUAGE))
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise ModelRefused(f"{folder}: the model's parts do not fit together ({error}); make it anew") from None
    return Model(classifier, variety, version)


def _bring(name: str, source: Path | None, folder: Path) -> None:
    """Put a file of the encoder into the folder of a model, or take it out."""
    wanted, there = None if source is None else source / name, folder / name
    if wanted is not None and there.exists() and wanted.samefile(there):
        return
    there.unlink(missing_ok=True)
    if wanted is None:
        return
    # A copy, not a link: damage to the file in one folder must not reach another model.
    shutil.copyfile(wanted, there)


def _check(folder: Path) -> tuple[str, bool]:
    """Version of the model, and whether it has an encoder."""
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
    for name in (*_FILES, *ENCODER_FILES) if encoded else _FILES:
        file = folder / name
        if not file.is_file():
            raise ModelRefused(f"{file}: missing; restore the model from its source")
        if name not in digests or _digest(file) != digests[name]:
            raise ModelRefused(
                f"{file}: its SHA-256 is not the one in {MANIFEST}, so it was changed or is foreign; "
                "restore the model from its source or make it anew with tasrib train"
            )
    return hashlib.sha256(raw).hexdigest()[:12], encoded


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _arrays(file: Path) -> dict[str, np.ndarray]:
    # allow_pickle=False: an object array, the one kind that could carry code, raises ValueError.
    with np.load(file, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _classifier(settings: dict[str, Any], arrays: dict[str, np.ndarray]) -> CampaignClassifier:
    names = ("classes", "calibration", "thresholds", "encoder_weight", "gate")
    classes, calibration, thresholds, encoder_weight, gate = (settings.pop(name) for name in names)
    settings["char_range"], settings["word_range"] = tuple(settings["char_range"]), tuple(settings["word_range"])
    made = CampaignClassifier(**settings)
    width = KINDS * 2**made.bits
    made.classes_ = np.array(classes)
    made.calibration_, made.thresholds_ = tuple(calibration), tuple(thresholds)
    made.encoder_weight_ = float(encoder_weight)
    made.gate_ = (-np.inf, 0.0) if gate is None else tuple(gate)
    made.idf_ = np.full(width, arrays["unseen"], np.float32)
    made.idf_[arrays["columns"]] = arrays["idf"]
    made.coef_ = np.zeros((len(classes), width), np.float32)
    made.coef_[:, arrays["columns"]] = arrays["coef"]
    made.intercept_ = arrays["intercept"]
    return made


def _variety(settings: dict[str, Any], arrays: dict[str, np.ndarray]) -> VarietyClassifier:
    classes = settings.pop("classes")
    made = VarietyClassifier(**settings)
    made.pure_classes_ = np.array(classes)
    made.classes_ = np.append(made.pure_classes_, "mixed")
    made.coef_, made.intercept_ = arrays["coef"], arrays["intercept"]
    return made
