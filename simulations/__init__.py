"""How often bounds hold and verdicts are wrong, tried on simulated traffic; no part of the service."""
