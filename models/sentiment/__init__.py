"""Whether a comment is positive, neutral or negative: by our words and rules, or by another model.

Knows texts alone: which events carry one, and what their ratings add up to, is said elsewhere.
"""
