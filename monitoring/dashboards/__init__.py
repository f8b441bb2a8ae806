"""Grafana dashboards in English and French: `python -m monitoring.dashboards` writes them."""
