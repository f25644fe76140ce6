import json

import pytest


@pytest.fixture(scope="module")
def folder(root):
    return root / "data" / "demo"


@pytest.fixture(scope="module")
def truth(folder):
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))
