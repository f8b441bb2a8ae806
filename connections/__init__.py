"""How every part reaches Kafka and Redis: addresses, security, topics, and what Redis holds."""
