"""What puts events on the topics: the simulation and the replay of files.

files ─▶ routing ──┐
                   ├─▶ publisher─▶ Kafka
demo ─▶ simulation ┘        truth: what the simulation knows it sent
"""
