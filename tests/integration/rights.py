"""Rights on a broker that admits everybody, until somebody is given a right."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from confluent_kafka.admin import (  # type: ignore[attr-defined]  # its types forget to export them
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from models.settings import Settings

US = "User:ANONYMOUS"
GROUP, TOPIC, TRANSACTIONAL_ID = ResourceType.GROUP, ResourceType.TOPIC, ResourceType.TRANSACTIONAL_ID
READ, WRITE, DESCRIBE = AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE
ALLOW, DENY = AclPermissionType.ALLOW, AclPermissionType.DENY
_LITERAL = ResourcePatternType.LITERAL
_ANY: Any = (_LITERAL, None, None, AclOperation.ANY, AclPermissionType.ANY)


def rule(
    kind: ResourceType, name: str, who: str, operation: AclOperation, permission: AclPermissionType = ALLOW
) -> AclBinding:
    """Allow somebody something, or deny it, from anywhere."""
    return AclBinding(kind, name, _LITERAL, who, "*", operation, permission)


@asynccontextmanager
async def ruled(settings: Settings, *rules: AclBinding) -> AsyncIterator[None]:
    """Have rules hold while the block runs: what one is about is closed to all whom none allows it."""
    admin = AdminClient({"bootstrap.servers": settings.kafka})
    for done in admin.create_acls(list(rules)).values():
        await asyncio.to_thread(done.result)
    try:
        yield
    finally:
        about = {(one.restype, one.name) for one in rules}
        filters = [AclBindingFilter(kind, name, *_ANY) for kind, name in about]
        for done in admin.delete_acls(filters).values():
            await asyncio.to_thread(done.result)
