"""The certificate that our Kafka clients show, from files of PEM."""

import ssl
from pathlib import Path

_CERTIFICATE, _KEY = "KPIS_KAFKA_CERT_FILE", "KPIS_KAFKA_KEY_FILE"


class CertificateUnusable(Exception):
    """The client certificate or its key cannot be used; the message says which setting and why."""


class _EncryptedError(Exception):
    pass


def load_certificate(context: ssl.SSLContext, certificate: Path, key: Path | None) -> None:
    """Have a context show a certificate; without a key file its file holds the key, too.

    Raises:
        CertificateUnusable: a file cannot be read, or does not hold what it should.

    """
    _require_readable(_CERTIFICATE, certificate)
    if key:
        _require_readable(_KEY, key)
    with_key = f"{_KEY}: {key}" if key else f"{_CERTIFICATE}: {certificate}"
    try:
        context.load_cert_chain(certificate, key, password=_refuse_encrypted)
    except _EncryptedError:
        raise CertificateUnusable(
            f"{with_key} holds an encrypted key: write it without a passphrase, for the worker's user alone "
            "(`openssl pkey -in KEY -out PLAIN_KEY`)."
        ) from None
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise CertificateUnusable(
                f"{with_key} is not the key of the certificate in {_CERTIFICATE}: {certificate}."
            ) from None
        files = f"{certificate} and {key} hold" if key else f"{certificate} alone, without {_KEY}, holds"
        raise CertificateUnusable(f"{_CERTIFICATE}: {files} no certificate with its key in PEM.") from None


def _require_readable(setting: str, path: Path) -> None:
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise CertificateUnusable(f"{setting}: {path} cannot be read ({error.strerror}).") from None


def _refuse_encrypted() -> str:
    # Without this OpenSSL would ask for the passphrase on the terminal, and wait.
    raise _EncryptedError
