"""What phrases say where the lexicon is silent, learned from comments that people wrote and judged."""
