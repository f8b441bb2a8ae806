"""Which interactions do not look like those of people, and by which rule: bursts, copied texts, lockstep.

Knows no counts and no KPI: what a verdict adds to is said in models.state and models.kpis. Deletes nothing.
"""
