"""What `kpis dead-letters` is made of: how it is asked, what it reads and sends, and what it prints."""
