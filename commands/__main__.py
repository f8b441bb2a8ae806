"""`python -m commands` runs `kpis`; `kpis up` starts its children this way."""

from commands.main import run

run()
