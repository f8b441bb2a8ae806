"""Write the rules' files and the runbook anew."""

from monitoring.alerts.files import files

for path, text in files().items():
    path.write_text(text, "utf-8")
