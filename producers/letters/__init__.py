"""Dead letters: read, told, judged by today's registry, and those that would count sent again, once.

log ─▶ choosing ─▶ table                          what `kpis dead-letters list` counts
          ├──────▶ newest ─▶ picture              what `show` prints
          └──────▶ judging ─▶ reinjection ─▶ sender what `reinject` sends, with marks of what it has sent
"""
