"""What a worker runs compiled is compiled before it joins, and kept: seen from processes of their own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def worked(folder: Path) -> dict[str, Any]:
    """Let a process compile and work; return what it compiled when."""
    command = [sys.executable, "-m", "tests.integration.compiling_process", str(folder)]
    ran = subprocess.run(command, capture_output=True, check=True, text=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_nothing_is_compiled_in_the_midst_of_work_nor_at_a_second_start_and_no_references_are_counted(
    tmp_path: Path,
) -> None:
    """References would take most of the time, and say that something is allocated."""
    cold, warm = worked(tmp_path), worked(tmp_path)

    assert cold["later"] == warm["later"] == []
    assert cold["references"] == cold["uncalled"] == []
    assert cold["compiled"] > 10
    assert (cold["loaded"], warm["compiled"]) == (0, 0)
