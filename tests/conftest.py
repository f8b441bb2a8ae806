"""How all tests run: few examples at a time, many over the days; a busy machine is no failure.

`pytest tests/unit --hypothesis-profile=soak` looks for long.
"""

import gc
import sys
from pathlib import Path

from hypothesis import settings

settings.register_profile("unhurried", deadline=None, max_examples=20)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile("unhurried")

# By default the collector looks at all that was imported and simulated again and again: a fifth of the time.
gc.set_threshold(100_000, 20, 100)


def pytest_collection_finish() -> None:
    """Take what was compiled before, by workers or tests; spare the collector what was imported: it stays."""
    if "models.core.compiling" in sys.modules:
        from models.core.code_cache import cache_in
        from streams.worker.code_store import CodeStore

        cache_in(CodeStore(Path("~/.cache/campaign-kpis")))
    gc.collect()
    gc.freeze()
