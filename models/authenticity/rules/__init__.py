"""The rules, a file each: what it sees, on what evidence, its thresholds, and how often it is wrong."""
