"""Write the rules files anew."""

from monitoring.alerts.files import files

for path, text in files().items():
    path.write_text(text)
