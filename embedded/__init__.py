"""Real Kafka and Redis servers that need nothing but Python: for `kpis up` and for the tests."""
