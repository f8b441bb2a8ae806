"""What `kpis show` shows: pure functions over a worker's views; around them an app on Textual."""
