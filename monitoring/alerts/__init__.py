"""Alerts, declared once: `python -m monitoring.alerts` writes Prometheus' rules and the runbook.

alert says what an alert is, series what they compare, wording what they say. By subject: rates, returns,
brand, budget, silence; workers, stream, losses, limits. files makes the rules' files, runbook the page.
"""
