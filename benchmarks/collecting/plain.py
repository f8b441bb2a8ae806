"""A handler that one would write first: `python -m benchmarks.collecting.plain PORT KAFKA TOPIC [--awaits]`.

It takes what it is given, without a rule. One way answers before Kafka has anything, and loses what was on
its way when it is killed; the other awaits each acknowledgement.
"""

import argparse
import asyncio
import json
from typing import Any

import uvloop
from aiohttp import web
from aiokafka import AIOKafkaProducer

# The smallest transparent GIF.
_DOT = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("kafka")
    parser.add_argument("topic")
    parser.add_argument("--awaits", action="store_true")
    uvloop.run(_serve(parser.parse_args()))


async def _serve(arguments: argparse.Namespace) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=arguments.kafka,
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        linger_ms=5,
    )
    await producer.start()

    async def keep(events: list[dict[str, Any]]) -> None:
        sent = [
            await producer.send(arguments.topic, json.dumps(event).encode(), event["campaign_id"].encode())
            for event in events
        ]
        if arguments.awaits:
            await asyncio.gather(*sent)

    async def pixel(request: web.Request) -> web.Response:
        await keep([dict(request.query)])
        return web.Response(body=_DOT, content_type="image/gif", headers={"Cache-Control": "no-store"})

    async def batch(request: web.Request) -> web.Response:
        events = await request.json()
        await keep(events)
        return web.json_response({"accepted": len(events)})

    app = web.Application(client_max_size=1 << 20)
    app.add_routes([web.get("/i.gif", pixel), web.post("/v1/events", batch)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", arguments.port).start()
    print("serves", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
