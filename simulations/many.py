"""What the product computes with, for arrays of campaigns: it is typed for one, and serves many as well."""

from typing import Any

from models.kpis import clusters, likely

Counted: Any = likely.Counted
Cost: Any = likely.Cost
Range: Any = likely.Range
People: Any = clusters.People
