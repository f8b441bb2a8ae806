"""What is said of each way in which a broker cannot be used: one sentence with its remedy."""

import os
import ssl
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

_PROTOCOL = "KPIS_KAFKA_SECURITY_PROTOCOL"
_CREDENTIALS = "KPIS_KAFKA_SASL_USERNAME and KPIS_KAFKA_SASL_PASSWORD"
_OURS = "KPIS_KAFKA_CERT_FILE and KPIS_KAFKA_KEY_FILE"
_ADVERTISED = "the broker's advertised.listeners"
# OpenSSL's X509_V_ERR_…
_NOT_YET_VALID, _EXPIRED = 9, 10
_UNTRUSTED = frozenset({2, 18, 19, 20, 21})
_OTHER_NAME = frozenset({62, 64})


class Place(NamedTuple):
    """An address of a broker, and the one that it was had from; none where a setting names it."""

    host: str
    port: int
    named_by: Optional["Place"] = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Fault(NamedTuple):
    """What is wrong, how far a client came, and whether it may pass by itself."""

    step: int
    sentence: str
    passing: bool = False


class Found(Exception):
    """A step failed."""

    def __init__(self, step: int, sentence: str, *, passing: bool = False) -> None:
        super().__init__(sentence)
        self.fault = Fault(step, sentence, passing)


class Words:
    """The sentences on one address, for a client with these options; the password is in none."""

    def __init__(self, place: Place, options: Mapping[str, Any]) -> None:
        self._place = place
        self._mechanism = options.get("sasl_mechanism")
        self._user = options.get("sasl_plain_username")
        self._tls = "SSL" in options["security_protocol"]
        self._logs_in = "SASL" in options["security_protocol"]

    def unresolved(self, error: Exception) -> Found:
        """Say that the name is not known."""
        reason, place = _reason(error), self._place
        if place.named_by:
            return Found(6, f"Kafka at {place.named_by} sends its clients on to {place}, a name that does "
                            f"not resolve here ({reason}): correct {_ADVERTISED}, or make it "
                            "known.")  # fmt: skip
        return Found(1, f"The name {place.host} does not resolve ({reason}): correct KPIS_KAFKA, or make the "
                        "name known.")  # fmt: skip

    def unreachable(self, error: Exception, seconds: float) -> Found:
        """Say that nobody answers."""
        silent = isinstance(error, TimeoutError) and not error.errno
        reason = f"no answer within {seconds:.0f} s" if silent else _reason(error)
        place = self._place
        if place.named_by:
            return Found(7, f"Kafka at {place.named_by} sends its clients on to {place}, where no broker "
                            f"answers ({reason}): start that one, open the way to it, or correct "
                            f"{_ADVERTISED}.", passing=True)  # fmt: skip
        firewall = "see whether a firewall is in the way, " if silent else ""
        return Found(2, f"No Kafka broker answers at {place} ({reason}): {firewall}start one (`kpis up` "
                        "brings its own) or set KPIS_KAFKA.", passing=True)  # fmt: skip

    def certificate(self, error: ssl.SSLCertVerificationError) -> Found:
        """Say what is wrong with the broker's certificate."""
        shows, remedy = "shows a certificate", "correct the broker's certificate"
        if error.verify_code in _OTHER_NAME:
            shows += f" of another host ({error.verify_message})"
            setting = _ADVERTISED if self._place.named_by else "KPIS_KAFKA"
            remedy = f"set {setting} to a name in the certificate, or have one made for this name"
        elif error.verify_code == _EXPIRED:
            shows, remedy = f"{shows} that has expired", "renew it at the broker"
        elif error.verify_code == _NOT_YET_VALID:
            shows, remedy = f"{shows} that is not valid yet", "set the clock here or at the broker"
        elif error.verify_code in _UNTRUSTED:
            shows += f" of a CA that is not trusted here ({error.verify_message})"
            remedy = "name the file of the brokers' CA in KPIS_KAFKA_CA_FILE"
        else:
            shows += f" that is refused ({error.verify_message})"
        return self._found(3, shows, remedy)

    def unwelcome(self, alert: str) -> Found:
        """Say that the broker ends the handshake: it misses our certificate, or does not like it."""
        reason = alert.split("ALERT_")[-1].replace("_", " ").lower()
        return self._found(3, f"ends the TLS handshake ({reason})",
                           "where it asks for a client certificate, name one that its CA has signed in "
                           f"{_OURS}")  # fmt: skip

    def plain_port(self) -> Found:
        """Say that TLS was spoken to a port without."""
        return self._found(3, "speaks no TLS", f"set {_PROTOCOL} to {self._protocol(tls=False)}, or "
                           f"{self._setting} to the port with TLS")  # fmt: skip

    def tls_port(self) -> Found:
        """Say that plain text was spoken to a port with TLS."""
        return self._found(3, "speaks TLS only", f"set {_PROTOCOL} to {self._protocol(tls=True)}, or "
                           f"{self._setting} to the port without TLS")  # fmt: skip

    def no_kafka(self) -> Found:
        """Say that something else listens."""
        return self._found(4, "is no Kafka: what answers there speaks another protocol",
                           f"correct {self._setting}")  # fmt: skip

    def falls_silent(self) -> Found:
        """Say that requests go unanswered."""
        return Found(4, f"{self._subject} takes connections and answers nothing: see the broker's log, and "
                        f"whether {self._setting} is right.", passing=True)  # fmt: skip

    def hangs_up(self) -> Found:
        """Say that the first request ends the connection."""
        certificate = f"whether it asks for a client certificate ({_OURS}), and " if self._tls else ""
        return Found(4, f"{self._subject} ends the connection at the first request: see the broker's log, "
                        f"{certificate}whether {self._setting} is right.", passing=True)  # fmt: skip

    def asks_for_login(self, mechanisms: Sequence[str]) -> Found:
        """Say that a login is asked for, and none was set."""
        return self._found(5, f"asks for a login (SASL: {', '.join(mechanisms)})",
                           f"set {_PROTOCOL} to SASL_{'SSL' if self._tls else 'PLAINTEXT'}, and "
                           f"KPIS_KAFKA_SASL_MECHANISM, {_CREDENTIALS}")  # fmt: skip

    def no_login_there(self) -> Found:
        """Say that a login was offered where none is taken."""
        plain = "SSL" if self._tls else "PLAINTEXT"
        return self._found(5, "takes no login at that port", f"set {_PROTOCOL} to {plain}, or "
                           f"{self._setting} to a port with SASL")  # fmt: skip

    def mechanism_off(self, mechanisms: Sequence[str]) -> Found:
        """Say that the mechanism is not enabled, and which are."""
        offered = f", but {', '.join(mechanisms)}" if mechanisms else ""
        return self._found(5, f"does not offer the SASL mechanism {self._mechanism}{offered}",
                           "set KPIS_KAFKA_SASL_MECHANISM")  # fmt: skip

    def not_let_in(self) -> Found:
        """Say that user or password is wrong; brokers do not say which."""
        return self._found(5, f"does not let the user {self._user} in: the user or the password is wrong",
                           f"correct {_CREDENTIALS}")  # fmt: skip

    def login_fails(self, error: BaseException) -> Found:
        """Say that the connection ends during the login."""
        during = "during the login" if self._logs_in else "after the first request"
        return Found(5, f"{self._subject} ends the connection {during} ({_reason(error)}): see the broker's "
                        "log.", passing=True)  # fmt: skip

    @property
    def _subject(self) -> str:
        named_by = self._place.named_by
        return f"Kafka at {self._place}{f', named by the one at {named_by},' if named_by else ''}"

    @property
    def _setting(self) -> str:
        return _ADVERTISED if self._place.named_by else "KPIS_KAFKA"

    def _protocol(self, *, tls: bool) -> str:
        with_login = {True: "SASL_SSL", False: "SASL_PLAINTEXT"}
        return with_login[tls] if self._logs_in else {True: "SSL", False: "PLAINTEXT"}[tls]

    def _found(self, step: int, what: str, remedy: str) -> Found:
        return Found(step + (5 if self._place.named_by else 0), f"{self._subject} {what}: {remedy}.")


def _reason(error: BaseException) -> str:
    number = getattr(error, "errno", None)
    # asyncio's own text of a refused connection names the address again; a name's errors are below 0.
    text = os.strerror(number) if number and number > 0 else getattr(error, "strerror", None) or str(error)
    return text[:1].lower() + text[1:] if text else type(error).__name__
