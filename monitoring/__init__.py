"""Prometheus, Alertmanager and Grafana as code."""
