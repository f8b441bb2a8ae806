"""How all tests run: few examples at a time, many over the days; a busy machine is no failure.

`pytest tests/unit --hypothesis-profile=soak` looks for long.
"""

import gc

from hypothesis import settings

settings.register_profile("unhurried", deadline=None, max_examples=25)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """Spare the garbage collector what was imported: it stays, and to look at it took a fifth of the time."""
    gc.collect()
    gc.freeze()
