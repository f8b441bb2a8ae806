"""Which events count, by their campaign, their time and who sent them, and why the others do not.

Remembers nothing: what was seen before is known in models.state.
"""
