"""What is on /metrics: every metric's name, type, labels and help, declared once.

Holds no values: exporters fill them in, dashboards, alerts and the terminal look them up.
"""
