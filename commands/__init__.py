"""The `kpis` command: a file per subcommand, and the only package that wires the others together."""
