"""Shows: /metrics, /livez and /readyz, computed when they are asked for."""
