"""Faust and aiokafka, extended where they would lose or double events, or take too long.

Knows offsets and records, and nothing of what they mean. No other room imports Faust.
"""
