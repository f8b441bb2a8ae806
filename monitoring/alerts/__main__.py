"""Write the rule files and the runbook."""

from monitoring.alerts.files import files

for path, text in files().items():
    path.write_text(text, "utf-8")
