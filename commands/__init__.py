"""The `kpis` command: a file a subcommand, and the only place that wires the other packages."""
