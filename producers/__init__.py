"""What puts events on the topics: the simulation, the replay of files and the import of CSV exports.

files ─▶ routing ──┐
imports ───────────┼─▶ publisher─▶ Kafka
demo ─▶ simulation ┘        truth: what the simulation knows it sent
"""
