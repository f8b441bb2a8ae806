"""The dashboard of `kpis show`: pure state and pictures; around them terminal, keyboard and readers."""
