"""Work over columns of plain numbers: hashes, hash tables, times, and the columns that steps hand on.

Knows nothing of events, campaigns or KPIs. What a compiled implementation will take over lies here.
"""
