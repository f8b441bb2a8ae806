"""`python -m commands` is `kpis`: how `kpis up` starts its children."""

from commands.main import main

main(prog_name="kpis")
