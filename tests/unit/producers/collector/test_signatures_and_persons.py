import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from models.events.unused import is_nobody
from producers.collector.persons import NOBODY, person_id
from producers.collector.signatures import base64_mac, is_one_of, is_signed, mac

SECRETS = (SecretStr("one secret of sixteen"), SecretStr("and another of them"))


@given(st.binary(max_size=50), st.sampled_from(SECRETS))
def test_a_message_is_signed_under_either_secret(message: bytes, secret: SecretStr) -> None:
    expected = hmac.new(secret.get_secret_value().encode(), message, hashlib.sha256).digest()

    assert mac(secret, message) == expected
    assert is_signed(SECRETS, message, expected)
    assert not is_signed([SecretStr("a third that is not known")], message, expected)


@given(st.binary(max_size=50), st.lists(st.binary(min_size=32, max_size=32), max_size=3), st.booleans())
def test_of_several_macs_one_that_fits_signs(message: bytes, others: list[bytes], fits: bool) -> None:
    given = [*others, mac(SECRETS[1], message), *others] if fits else others

    assert is_signed(SECRETS, message, *given) == fits


class Used(SecretStr):
    """Counts for how many MACs it is taken."""

    times = 0

    def get_secret_value(self) -> str:
        self.times += 1
        return super().get_secret_value()


def test_a_message_is_read_once_for_each_secret_however_many_macs_are_given() -> None:
    secret = Used("one secret of sixteen")

    assert not is_signed([secret], b"large", *(bytes([one]) * 32 for one in range(100)))
    assert secret.times == 1


@given(st.binary(min_size=1, max_size=50), st.integers(0, 31), st.integers(1, 255))
def test_a_mac_with_any_byte_changed_signs_nothing(message: bytes, at: int, change: int) -> None:
    octets = bytearray(mac(SECRETS[0], message))
    octets[at] ^= change

    assert not is_signed(SECRETS, message, bytes(octets))


@given(st.binary(max_size=50), st.integers(0, 31))
def test_a_shorter_mac_signs_nothing(message: bytes, length: int) -> None:
    assert not is_signed(SECRETS, message, mac(SECRETS[0], message)[:length])


def test_no_secret_signs_anything() -> None:
    assert not is_signed((), b"", b"")
    assert not is_one_of((), "")


@given(st.text(max_size=40))
def test_only_a_whole_secret_is_one(text: str) -> None:
    assert is_one_of(SECRETS, text) == (text in [one.get_secret_value() for one in SECRETS])
    assert all(is_one_of(SECRETS, one.get_secret_value()) for one in SECRETS)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 43), st.sampled_from("Ab9+/=-_ é"))
def test_a_mac_is_written_in_one_way_only(octets: bytes, at: int, sign: str) -> None:
    text = base64.b64encode(octets).decode()
    changed = text[:at] + sign + text[at + 1 :]

    assert base64_mac(text) == octets
    assert changed == text or base64_mac(changed) != octets


def test_the_bits_that_base64_leaves_over_are_not_free() -> None:
    """The last sign of 32 bytes has two: four signs would say the same."""
    text = base64.b64encode(bytes(32)).decode()
    read = [base64_mac(f"{text[:-2]}{sign}=") for sign in "ABCD"]

    assert read == [bytes(32), b"", b"", b""]


def test_a_person_has_another_id_in_each_campaign_and_under_each_salt() -> None:
    salts = [SecretStr("salt of sixteen signs"), SecretStr("salt of other signs")]
    found = {person_id("user-1", salt, campaign) for salt in salts for campaign in ("glow", "dusk")}

    assert len(found) == 4
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in found)
    assert person_id("user-1", salts[0], "glow") in found


@pytest.mark.parametrize(
    "raw",
    [
        "undefined",
        "NULL",
        "0",
        "00000000-0000-0000-0000-000000000000",
        "(not set)",
        "{{ user.id }}",
        "__UID__",
    ],
)
def test_what_means_nobody_is_no_person(raw: str) -> None:
    """It would be one person, who is everywhere."""
    assert person_id(raw, SecretStr("salt of sixteen signs"), "glow") == NOBODY
    assert is_nobody(NOBODY)


def test_campaign_and_person_are_told_apart() -> None:
    salt = SecretStr("salt of sixteen signs")

    assert person_id("b-1", salt, "a") != person_id("1", salt, "a-b")
    assert person_id("\ud800", salt, "a") != person_id("\ud801", salt, "a")
