"""Each way in which Redis cannot be used is told by its own sentence; the documented rights suffice."""

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from connections import registry
from connections.active_generation import ActiveGeneration
from connections.redis import RedisUnavailable, connect
from embedded.redis import start_redis
from models.settings import Settings
from tests.integration.running import now, register
from tests.integration.secured.certificates import make_certificates

Admin = Callable[..., Awaitable[Any]]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a Redis that a test may configure."""
    with start_redis(tmp_path_factory.mktemp("own-redis")) as server:
        yield server.address


@pytest.fixture
async def admin(own_redis: str) -> AsyncIterator[Admin]:
    """Administer it, and leave it as it was."""
    client: Redis = Redis.from_url(f"redis://{own_redis}/0", decode_responses=True)
    command: Admin = client.execute_command
    yield command
    await command("REPLICAOF", "NO", "ONE")
    await command("CONFIG", "SET", "maxmemory", 0)
    await command("CONFIG", "SET", "requirepass", "")
    await client.aclose()


async def complaint(url: str, *, write: bool = False) -> str:
    """Ask for the registry, or write one, and give what is said."""
    settings = Settings(redis_url=url)
    client = connect(settings)
    with pytest.raises(RedisUnavailable) as caught:
        await (register(settings, client) if write else registry.load(client, settings.redis_prefix))
    await client.aclose()
    return str(caught.value)


async def test_who_is_not_let_in_is_told_where_user_and_password_go(own_redis: str, admin: Admin) -> None:
    assert "does not let us in" in await complaint(f"redis://nobody:hush@{own_redis}/0")
    await admin("CONFIG", "SET", "requirepass", "right")
    for url in (f"redis://{own_redis}/0", f"redis://:hush@{own_redis}/0"):
        said = await complaint(url)
        assert "does not let us in" in said
        assert "redis://USER:PASSWORD@HOST:PORT/0" in said
        assert "hush" not in said


async def test_a_redis_that_takes_no_writes_says_why(own_redis: str, admin: Admin) -> None:
    await admin("CONFIG", "SET", "maxmemory", 1)
    said = await complaint(f"redis://{own_redis}/0", write=True)
    assert "no memory left" in said
    assert "glow" not in said, "the document is not quoted"
    await admin("CONFIG", "SET", "maxmemory", 0)

    await admin("REPLICAOF", "127.0.0.1", "1")
    assert "is a replica" in await complaint(f"redis://{own_redis}/0", write=True)


async def test_an_address_that_leads_nowhere_says_what_is_wrong_with_it(own_redis: str) -> None:
    assert "does not resolve" in await complaint("redis://redis.invalid:6379/0")
    assert "Connection refused" in await complaint("redis://127.0.0.1:9/0")
    assert "no such database" in await complaint(f"redis://{own_redis}/99")
    assert "a file that KPIS_REDIS_URL names" in await complaint(
        f"rediss://{own_redis}/0?ssl_ca_certs=/no/such.pem"
    )


@asynccontextmanager
async def playing(reply: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Answer each request with the same bytes; with none, end the connection."""
    writers = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        while await reader.read(1000) and reply:
            writer.write(reply * 5)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", ssl=tls)
    try:
        yield "127.0.0.1:{1}".format(*server.sockets[0].getsockname())
    finally:
        server.close()
        for writer in writers:
            with contextlib.suppress(OSError):
                await writer.wait_closed()


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (b"-LOADING Redis is loading the dataset in memory\r\n", "still loading"),
        (b"-MISCONF Redis is configured to save RDB snapshots\r\n", "cannot save its data"),
        (b"-MASTERDOWN Link with MASTER is down\r\n", "without its primary"),
        (b"-NOREPLICAS Not enough good replicas to write.\r\n", "misses its replicas"),
        (b"-MOVED 1234 10.0.0.1:6379\r\n", "part of a cluster"),
        (b"-CLUSTERDOWN Hash slot not served\r\n", "part of a cluster"),
        (b"-ERR max number of clients reached\r\n", "takes no more clients"),
        (b"-NOPERM this user has no permissions to run the 'mget' command\r\n", "does not allow it"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "is no Redis"),
        (b"", "write rediss://"),
    ],
)
async def test_what_redis_answers_has_its_sentence(reply: bytes, said: str) -> None:
    async with playing(reply) as address:
        sentence = await complaint(f"redis://{address}/0")
    assert said in sentence
    assert address in sentence


async def test_plain_text_and_tls_that_do_not_meet_are_told_apart(own_redis: str, tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificates.both("server"))
    async with playing(b"+OK\r\n", tls) as address:
        assert "write rediss://" in await complaint(f"redis://{address}/0")
        said = await complaint(f"rediss://{address}/0?ssl_ca_certs={certificates.other_ca}")
        assert "certificate that is refused" in said
    assert "write redis://" in await complaint(f"rediss://{own_redis}/0")


async def test_the_documented_rights_suffice(own_redis: str, admin: Admin) -> None:
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    documented = re.search(r"^    (ACL SETUSER kpis .*)$", text, re.MULTILINE)
    assert documented
    await admin(*documented[1].replace("PASSWORD", "hush").split())
    await admin("ACL", "LOG", "RESET")
    settings = Settings(redis_url=f"redis://kpis:hush@{own_redis}/0")
    client = connect(settings)
    await register(settings, client)
    assert await registry.load(client, settings.redis_prefix)
    assert await registry.delete(client, settings.redis_prefix, "glow", now())
    generation = ActiveGeneration(client, settings)
    await generation.raise_to(1)
    await generation.publish(1, [0, 1])
    assert (await generation.get(), await generation.count_caught_up(1, 2)) == (1, 2)
    await client.aclose()

    refused = await admin("ACL", "LOG")
    assert not refused, "nothing was tried that is not allowed"
