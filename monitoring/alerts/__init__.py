"""Alerting rules, declared once: `python -m monitoring.alerts` writes what Prometheus reads."""
