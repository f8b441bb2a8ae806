"""How often bounds hold, verdicts are wrong, people are accused: tried on simulated traffic, no service."""
