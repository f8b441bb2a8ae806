"""Whether a comment is positive, neutral or negative: our own words and rules, and a place for others' models.

Knows texts alone: which events carry one, and what their ratings add up to, is said elsewhere.
"""
