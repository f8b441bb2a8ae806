"""The KPIs, each declared once, and their formulas as plain functions of a scope's figures.

Knows nothing of campaigns or events: where figures come from is said in models.readings.
"""
