"""What a result rests on beside its inputs: versions, the model, the reference data."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tasrib._resources import resource
from tasrib.case.hashes import Digest
from tasrib.classify.chosen import ChosenModel
from tasrib.classify.store import MANIFEST

# What figures can depend on. A figure of another release may differ in its last digits, or more.
_PACKAGES = (
    "tasrib", "numpy", "scipy", "pandas", "statsmodels", "scikit-learn", "pyarrow", "phonenumbers", "onnxruntime", "joblib", "babel",
    "jinja2", "docxtpl", "python-docx", "typst",
)  # fmt: skip
_SUFFIXES = (".csv", ".toml")


def now() -> str:
    """
    Say the moment.

    Returns
    -------
    str
        ISO 8601 in UTC, to the second.
    """
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def versions() -> dict[str, str]:
    """
    List what computes.

    Returns
    -------
    dict of str to str
        Version of each package, of Python, and the kind of machine; nothing that names the machine or its user.
    """
    return {**_installed(), "python": platform.python_version(), "machine": f"{platform.system()} {platform.machine()}"}


# Each is looked for in the folders of all that is installed, and what a program has imported does not change while it runs.
@cache
def _installed() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def reference_files() -> dict[str, dict[str, Any]]:
    """
    Hash the reference data: operators, market shares, portability, parties, wordings, the templates of letters.

    Returns
    -------
    dict of str to dict
        ``sha256`` and ``size`` by file name; where ``TASRIB_DATA`` puts another file in the place of one, of that.
    """
    folder = resource("reference")
    names = sorted(path.name for path in folder.iterdir() if path.suffix in _SUFFIXES)
    found = {name: resource("reference", name) for name in names}
    templates = {path.name: resource("letters", path.name) for path in sorted(resource("letters").glob("*.docx"))}
    return {name: Digest.of_file(path).record() for name, path in (found | templates).items()}


def model_record(chosen: ChosenModel) -> dict[str, Any]:
    """
    Name a model.

    Parameters
    ----------
    chosen : ChosenModel
        From `tasrib.classify.choose_model`.

    Returns
    -------
    dict
        ``version``, ``manifest`` (its digest; the manifest holds the hash of each of the model's files) and ``why`` it was used.
    """
    folder = resource("model") if chosen.folder is None else chosen.folder
    manifest = Digest.of_file(folder / MANIFEST).record()
    return {"version": chosen.model.version, "manifest": manifest, "why": chosen.why}


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """
    Name what is not the same in two lists of versions or files.

    Parameters
    ----------
    before, after : mapping
        By name.

    Returns
    -------
    list of str
        In the order of the alphabet.
    """
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
