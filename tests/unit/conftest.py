"""How hypothesis runs here: few examples at a time, many over the days; a busy machine is no failure.

`pytest tests/unit --hypothesis-profile=soak` looks for long.
"""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None, max_examples=40)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile("unhurried")
