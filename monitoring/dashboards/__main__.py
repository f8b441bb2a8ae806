"""Write the dashboards."""

from monitoring.dashboards.files import FOLDER, files

for path, text in files().items():
    (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
    (FOLDER / path).write_text(text, "utf-8")
