"""What the state says now: the figures of every scope and window of a campaign, and the pipeline's health.

Changes nothing, and formats nothing: that is for whoever shows it.
"""
