"""`python -m commands` runs `kpis`; `kpis up` starts its children this way."""

from commands.main import main

main(prog_name="kpis")
