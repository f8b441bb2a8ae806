"""A Kafka with logins and TLS, started once."""

from collections.abc import Iterator

import pytest

from tests.integration.secured.broker import SecuredKafka, secured_kafka


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredKafka]:
    """Run it while the tests run."""
    with secured_kafka(tmp_path_factory.mktemp("secured")) as started:
        yield started
