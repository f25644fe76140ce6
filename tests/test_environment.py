"""What we promise about what is installed and what is loaded."""

import subprocess
import sys
from importlib.metadata import distributions

LEFT_OUT = {"torch", "transformers", "camel-kenlm", "muddler"}


def test_nothing_heavy_is_installed_or_imported():
    assert not LEFT_OUT & {item.metadata["Name"].lower() for item in distributions()}
    every = "from tasrib.cli import COMMANDS, load; [load(name) for name in COMMANDS]; from tasrib import *"
    assert not {"torch", "transformers", "pickletools", "matplotlib"} & loaded_by(every)


def test_nothing_is_loaded_before_it_is_needed():
    assert others_loaded_by("import tasrib; tasrib.__version__") == {"tasrib"}
    help_shown = "from tasrib.cli import main; main(['--help'], standalone_mode=False)"
    assert others_loaded_by(help_shown) == {"tasrib", "click"}


def others_loaded_by(code):
    """Top packages besides the standard library's and what the interpreter loads by itself."""
    tops = {name.partition(".")[0] for name in loaded_by(code) - loaded_by("")}
    return {name for name in tops if name not in sys.stdlib_module_names}


def loaded_by(code):
    code += "\nimport sys; print(); print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_locks_pin_with_hashes_and_name_no_host(root):
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (root / name).read_text("utf-8").splitlines()
        pinned = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert pinned
        assert all("==" in line for line in pinned)
        assert "http" not in "\n".join(lines)
        assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)
