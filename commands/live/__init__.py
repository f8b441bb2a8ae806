"""The dashboard of `kpis show`: a pure core of state and drawing; around it terminal, keyboard, readers."""
