"""Rows of CSV exports as events: what a platform's page lets people download, and no API sends.

table ─▶ columns ─▶ rows ─▶ events         numbers, times: what cells say
           ▲
map_file ──┘   map: which column is which field; some are built in: maps/

Figures are sent as totals (`total` of models.events), orders as conversions. Nothing here sends or judges:
commands/import_.py does.
"""
