"""What we promise about what is installed and what is loaded."""

import subprocess
import sys
from importlib.metadata import distributions

LEFT_OUT = {"torch", "transformers", "camel-kenlm", "muddler"}


def test_nothing_heavy_is_installed_or_imported():
    assert not LEFT_OUT & {item.metadata["Name"].lower() for item in distributions()}
    code = "import sys, tasrib.cli, tasrib; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"torch", "transformers", "pickletools", "matplotlib"} & set(loaded)


def test_locks_pin_with_hashes_and_name_no_host(root):
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (root / name).read_text("utf-8").splitlines()
        pinned = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert pinned
        assert all("==" in line for line in pinned)
        assert "http" not in "\n".join(lines)
        assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)
