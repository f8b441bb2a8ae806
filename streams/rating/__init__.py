"""Texts rated beside the counting, in a process of its own: asked in order, answered within moments or never.

Knows nothing of shards or of what ratings count: whoever asks is told, once, what each text was rated as.
"""
