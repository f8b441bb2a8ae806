"""Intervals, and the distributions that they come from.

Knows nothing of KPIs: what an interval is drawn around is said in models.kpis.
"""
