"""What watches the service: made from the catalogue, and held fresh by tests."""
