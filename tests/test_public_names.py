"""The public names, which are imported on first use: each is itself, whatever was imported before it."""

import ast
import importlib
import inspect
import pkgutil
import random
import subprocess
import sys
from pathlib import Path

import pytest

import tasrib

PACKAGE = Path(tasrib.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
MODULES = sorted(
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__") for file in FILES
)
PACKAGES = [importlib.import_module(name) for name in MODULES if (PACKAGE.parent / name.replace(".", "/")).is_dir()]
# Run in a fresh interpreter: imports the modules named, then asks for every public name, and uses some of them.
ASK = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
import tasrib
for name in tasrib.__all__:
    value = getattr(tasrib, name)
    assert callable(value) and value.__name__ == name and value.__module__.startswith("tasrib."), (name, value)
assert tasrib.lookup("0661234567").number_status == "valid"
for call in (tasrib.read_complaints, tasrib.read_scored, tasrib.read_canaries):
    try:
        call("absent.csv")
    except tasrib.TasribError as error:
        assert "absent.csv" in str(error), error
    else:
        raise AssertionError(call)
for call in (tasrib.load_model, tasrib.promote):
    try:
        call("absent")
    except tasrib.ModelRefused as error:
        assert "absent" in str(error), error
    else:
        raise AssertionError(call)
"""


def orders():
    """By name, from the end, and at random; and nothing at all."""
    return {
        "none": [],
        "by name": MODULES,
        "from the end": MODULES[::-1],
        "mixed": random.Random(20210908).sample(MODULES, len(MODULES)),
    }


@pytest.mark.parametrize("order", orders().values(), ids=orders())
def test_every_public_name_after_any_imports(order, tmp_path):
    done = subprocess.run([sys.executable, "-c", ASK, *order], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_no_module_bears_the_name_of_what_its_package_offers(package):
    modules = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert not modules & set(getattr(package, "__all__", ()))


def test_no_module_anywhere_bears_the_name_of_a_public_name():
    assert not {name.rsplit(".", 1)[-1] for name in MODULES} & set(tasrib.__all__)


def test_type_checkers_know_the_same_names_from_the_same_places():
    tree = ast.parse(inspect.getsource(tasrib))
    (known,) = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    seen = {alias.name: node.module for node in known.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == tasrib._MODULE_OF
    assert sorted(seen) == sorted(tasrib.__all__)


def test_modules_are_found_too_and_nothing_else():
    assert tasrib.numbering.lookup is tasrib.lookup
    assert {name for name in dir(tasrib) if not name.startswith("__")} == set(tasrib.__all__)
    assert not hasattr(tasrib, "no.module")
    assert tasrib.__version__[0].isdigit()
    with pytest.raises(AttributeError, match="no attribute 'lookups'"):
        _ = tasrib.lookups
