"""Every client's options: servers and security, and no secret where it could be logged."""

import ssl
from pathlib import Path

import pytest

from connections.kafka import KafkaUnavailable, client_options, ssl_context
from models.settings import Settings

SASL = {"sasl_mechanism": "SCRAM-SHA-512", "sasl_plain_username": "kpis", "sasl_plain_password": "hush"}


def settings(protocol: str, **fields: object) -> Settings:
    named = {
        "kafka": "a:9092,b:9092",
        "kafka_security_protocol": protocol,
        "kafka_sasl_username": "kpis",
        "kafka_sasl_password": "hush",
    }
    return Settings.model_validate({**named, **fields})


@pytest.mark.parametrize(
    ("protocol", "expected", "encrypted"),
    [
        ("PLAINTEXT", {}, False),
        ("SSL", {}, True),
        ("SASL_PLAINTEXT", SASL, False),
        ("SASL_SSL", SASL, True),
    ],
)
def test_the_options_are_those_of_the_protocol_and_no_others(
    protocol: str, expected: dict[str, str], encrypted: bool
) -> None:
    options = client_options(settings(protocol))
    context = options.pop("ssl_context", None)

    assert options == {"bootstrap_servers": "a:9092,b:9092", "security_protocol": protocol, **expected}
    assert (context is not None) is encrypted


def test_brokers_must_show_a_certificate_of_their_name() -> None:
    context = ssl_context(settings("SSL"))

    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_file_that_cannot_be_read_is_named_with_its_setting(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)

    with pytest.raises(KafkaUnavailable, match="KPIS_KAFKA_CA_FILE") as caught:
        client_options(settings("SASL_SSL", kafka_ca_file=str(path)))
    assert str(path) in str(caught.value)


def test_no_secret_is_in_the_settings_text() -> None:
    named = settings("SASL_SSL")

    for text in (repr(named), str(named), named.model_dump_json(), repr(named.model_dump())):
        assert "hush" not in text
