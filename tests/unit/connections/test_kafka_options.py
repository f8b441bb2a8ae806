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


@pytest.mark.parametrize(
    ("certificate", "key", "said"),
    [
        (None, None, "KPIS_KAFKA_CERT_FILE: {0}/client.crt cannot be read (No such file or directory)"),
        ("", None, "KPIS_KAFKA_CERT_FILE: {0}/client.crt alone, without KPIS_KAFKA_KEY_FILE, holds no"),
        ("", "", "KPIS_KAFKA_CERT_FILE: {0}/client.crt and {0}/client.key hold no certificate with its key"),
        ("", "missing", "KPIS_KAFKA_KEY_FILE: {0}/client.key cannot be read"),
    ],
)
def test_a_client_certificate_that_cannot_be_read_is_named_with_its_setting(
    tmp_path: Path, certificate: str | None, key: str | None, said: str
) -> None:
    files = {"kafka_cert_file": tmp_path / "client.crt"}
    if certificate is not None:
        files["kafka_cert_file"].write_text(certificate, "utf-8")
    if key is not None:
        files["kafka_key_file"] = tmp_path / "client.key"
    if key == "":
        files["kafka_key_file"].write_text(key, "utf-8")

    with pytest.raises(KafkaUnavailable) as caught:
        client_options(settings("SSL", **files))
    assert said.format(tmp_path) in str(caught.value)


@pytest.mark.parametrize(
    ("protocol", "files", "said"),
    [
        ("SSL", {"kafka_key_file": "k"}, "kafka_key_file asks for kafka_cert_file"),
        ("PLAINTEXT", {"kafka_cert_file": "c"}, "asks for kafka_security_protocol SSL or SASL_SSL"),
        ("SASL_PLAINTEXT", {"kafka_cert_file": "c"}, "asks for kafka_security_protocol SSL or SASL_SSL"),
    ],
)
def test_a_client_certificate_asks_for_tls_and_a_key_for_its_certificate(
    protocol: str, files: dict[str, str], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        settings(protocol, **files)


def test_no_secret_is_in_the_settings_text() -> None:
    named = settings("SASL_SSL")

    for text in (repr(named), str(named), named.model_dump_json(), repr(named.model_dump())):
        assert "hush" not in text
