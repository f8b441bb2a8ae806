"""Certificates that openssl makes: a CA, and what it signs for servers and clients."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_HOST = "subjectAltName=DNS:localhost,IP:127.0.0.1"
_OTHER_HOST = "subjectAltName=DNS:elsewhere.example"


@dataclass(frozen=True)
class Certificates:
    """Files of PEM: `both(name)` holds key and certificate, `ca` what must be trusted."""

    directory: Path

    @property
    def ca(self) -> Path:
        """The CA that signed all but its own."""
        return self.directory / "ca.crt"

    @property
    def other_ca(self) -> Path:
        """A CA that signed none of them."""
        return self.directory / "other-ca.crt"

    def key(self, name: str) -> Path:
        """Return the private key of a name."""
        return self.directory / f"{name}.key"

    def certificate(self, name: str) -> Path:
        """Return the certificate of a name."""
        return self.directory / f"{name}.crt"

    def both(self, name: str) -> Path:
        """Return key and certificate of a name in one file, as Kafka reads them."""
        return self.directory / f"{name}.pem"

    def encrypt(self, name: str, encrypted: str) -> None:
        """Write a key once more, under a passphrase."""
        _openssl(self.directory, "pkey", "-in", self.key(name).name, "-aes256", "-passout", "pass:x",
                 "-out", self.key(encrypted).name)  # fmt: skip


def make_certificates(directory: Path) -> Certificates:
    """Make certificates of a server, of one elsewhere, of one whose time is over, and of clients."""
    made = Certificates(directory)
    for authority in ("ca", "other-ca"):
        _openssl(directory, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj",
                 f"/CN={authority}", "-keyout", f"{authority}.key", "-out", f"{authority}.crt")  # fmt: skip
    _sign(made, "server", "ca", _HOST, "30")
    _sign(made, "elsewhere", "ca", _OTHER_HOST, "30")
    _sign(made, "expired", "ca", _HOST, "0")
    _sign(made, "client", "ca", _HOST, "30")
    _sign(made, "stranger", "other-ca", _HOST, "30")
    return made


def _sign(made: Certificates, name: str, authority: str, names: str, days: str) -> None:
    directory = made.directory
    (directory / f"{name}.ext").write_text(names, "utf-8")
    _openssl(directory, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
             "-keyout", f"{name}.key", "-out", f"{name}.csr")  # fmt: skip
    _openssl(directory, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.crt",
             "-CAkey", f"{authority}.key", "-CAcreateserial", "-days", days, "-extfile", f"{name}.ext",
             "-out", f"{name}.crt")  # fmt: skip
    both = made.key(name).read_text("utf-8") + made.certificate(name).read_text("utf-8")
    made.both(name).write_text(both, "utf-8")


def _openssl(directory: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=directory, capture_output=True, text=True)
    assert done.returncode == 0, f"openssl {arguments[0]}: {done.stderr}"
