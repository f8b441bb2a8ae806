"""Set configurations of topics."""

from connections.admin import open_admin
from connections.kafka_requests import alter_configs
from models.settings import Settings


async def configure(settings: Settings, topic: str, **config: str) -> None:
    """Set configurations of a topic, by their names with underscores for dots."""
    async with open_admin(settings) as admin:
        changes = [(topic, key.replace("_", "."), value) for key, value in config.items()]
        assert await alter_configs(admin, changes) == []
