"""Commands that count nothing wait for nothing that counting needs."""

import subprocess
import sys

from commands.main import _SUBCOMMANDS, module_of

COUNTING = {"worker", "compile"}


def test_only_what_counts_imports_the_compiler() -> None:
    """Numba takes half a second of processor time, and 100 MB."""
    names = sorted(_SUBCOMMANDS.keys() - COUNTING)
    script = "\n".join(
        [
            "import sys, commands.main",
            *(f"import commands.{module_of(name)}" for name in names),
            "sys.exit('numba' in sys.modules)",
        ]
    )

    assert len(names) > 8
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
