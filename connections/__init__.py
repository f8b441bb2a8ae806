"""How every part reaches Kafka and Redis: one place for addresses, security and topics."""
