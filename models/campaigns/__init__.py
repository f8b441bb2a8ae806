"""Campaigns as their managers declare them: the file, its checks, and the registry that it is merged into.

Holds no counts: what campaigns bring is in models.state.
"""
