"""The collector beside handlers that one would write first: one answers at once, one awaits Kafka."""
