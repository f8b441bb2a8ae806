"""What watches the service: generated from what models declares, and kept fresh by tests."""
