"""A state that was told what its leaves have counted: costs are easier to check where counts are given."""
