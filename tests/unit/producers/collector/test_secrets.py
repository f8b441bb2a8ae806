import errno
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from producers.collector.secrets import Hook, Secrets
from producers.collector.secrets_file import (
    SecretsError,
    load_secrets,
    make_secrets_file,
    new_secrets,
    read_secrets,
)

NEEDED = 'person_salt = "the salt of all people"\n[click_keys]\ncurrent = "the key of now, long"\n'
HOOK = NEEDED + "[hooks.a]\nkind = 'stripe'\nsecrets = ['what the shop signs with']\n"
SHOWN = "secrets = ['what both of them show']\n"
WHOLE = f"""
allowed_origins = ["https://Shop.example"]
unsigned_postbacks = true
{NEEDED}former = "the key before, long"
[api_keys.crm]
secrets = ["the first key of crm", "the second key of crm"]
campaigns = ["summer-glow"]
events_per_second = 500
[api_keys.tool]
secrets = ["the only key of tool"]
[postbacks.network]
secrets = ["what the network signs with"]
[hooks.boutique]
kind = "shopify"
secrets = ["what the shop signs with"]
campaigns = ["summer-glow", "winter"]
campaign = "winter"
influencer = "ana"
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(SecretsError) as error:
        read_secrets(text, "secrets.toml")
    return str(error.value).splitlines()


def test_a_whole_file_is_read() -> None:
    found = read_secrets(WHOLE, "secrets.toml")

    assert [one.get_secret_value() for one in found.click_keys.all] == [
        "the key of now, long",
        "the key before, long",
    ]
    assert found.api_keys["crm"].campaigns == frozenset(["summer-glow"])
    assert (found.api_keys["crm"].events_per_second, found.api_keys["tool"].events_per_second) == (500, None)
    assert found.postbacks["network"].proof == "signature"
    assert found.hooks["boutique"].served == frozenset(["summer-glow", "winter"])
    assert found.allowed_origins == frozenset(["https://shop.example"])
    assert found.unsigned_postbacks


def test_an_api_key_is_found_by_either_of_its_secrets() -> None:
    found = read_secrets(WHOLE, "secrets.toml")
    names = ["the first key of crm", "the second key of crm", "the only key of tool", "the first key", ""]

    assert [known and known[0] for known in map(found.api_key, names)] == ["crm", "crm", "tool", None, None]


@given(st.sampled_from(["{!r}", "{}", "{!s:>200}"]), st.sampled_from(["repr", "json", "dict", "models"]))
def test_nothing_prints_a_secret(form: str, how: str) -> None:
    found = read_secrets(WHOLE, "secrets.toml")
    shown = {
        "repr": found,
        "json": found.model_dump_json(),
        "dict": found.model_dump(),
        "models": (found.api_keys, found.click_keys),
    }[how]

    assert "**********" in form.format(shown)
    for secret in ("the key of now", "the key before", "of crm", "of tool", "signs with", "the salt"):
        assert secret not in form.format(shown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["secrets.toml: click_keys: is missing", "secrets.toml: person_salt: is missing"]),
        (NEEDED + "current = 1\n",
         ["secrets.toml: is not TOML: Cannot overwrite a value (at line 4, column 12)."]),
        (NEEDED + "older = 'the key of long ago'\n",
         ["secrets.toml: click_keys.older: there is no such key"]),
        (NEEDED.replace("the key of now, long", "hunter2"),
         ["secrets.toml: click_keys.current: must have 16 to 512 characters"]),
        (HOOK.replace("stripe", "magento"),
         ["secrets.toml: hooks.a.kind: Input should be 'shopify', 'stripe' or 'woocommerce'"]),
        (HOOK + "influencer = 'ana'\n",
         ["secrets.toml: hooks.a: influencer needs campaign: whose is the order that nothing attributes?"]),
        (HOOK + "campaigns = ['a']\ncampaign = 'b'\n",
         ["secrets.toml: hooks.a: campaign must be one of campaigns"]),
        (NEEDED + "[api_keys.a]\n" + SHOWN + "[api_keys.b]\n" + SHOWN,
         ["secrets.toml: api_keys.b has a secret of api_keys.a"]),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(text: str, expected: list[str]) -> None:
    assert mistakes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        NEEDED + "[api_keys.a]\nsecrets = []\n",
        NEEDED
        + "[api_keys.a]\nsecrets = ['one of three secrets', 'two of three secrets', 'all three secrets']\n",
        NEEDED + "[api_keys.a]\nsecrets = 'one of three secrets'\n",
        NEEDED + "[api_keys.'a b']\nsecrets = ['one of three secrets']\n",
        NEEDED + "[api_keys.a]\nsecrets = ['hunter2']\n",
        NEEDED + "[api_keys.a]\nsecrets = ['one of three secrets']\ncampaigns = ['a b']\n",
        NEEDED + "[api_keys.a]\nsecrets = ['one of three secrets']\nevents_per_second = 0\n",
        "allowed_origins = ['https://shop.example/path']\n" + NEEDED,
        "allowed_origins = ['*']\n" + NEEDED,
    ],
)
def test_no_message_holds_a_secret(text: str) -> None:
    (message, *_) = mistakes(text)

    assert message.startswith(("secrets.toml: api_keys", "secrets.toml: allowed_origins"))
    assert "hunter2" not in message
    assert "three secrets" not in message


def test_a_file_that_others_can_read_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text(WHOLE, "utf-8")
    path.chmod(0o600)
    assert load_secrets(path).warnings == ()

    path.chmod(0o640)
    assert load_secrets(path).warnings == (f"{path}: can be read by others than its owner: chmod 600 {path}",)


def test_a_shop_whose_refunds_have_no_campaign_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text(HOOK, "utf-8")
    path.chmod(0o600)

    (warning,) = load_secrets(path).warnings
    assert (
        warning
        == f"{path}: hooks.a: its refunds name no campaign and are counted for none: list its campaigns"
    )


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "secrets.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SecretsError) as error:
        load_secrets(path)

    assert str(error.value) == f"{path}: " + (
        "is not UTF-8." if content else "cannot be read (No such file or directory)."
    )


def test_the_first_file_is_its_owners_alone_and_is_never_written_over(tmp_path: Path) -> None:
    path, count = tmp_path / "data" / "secrets.toml", iter(range(100))

    def random(size: int) -> str:
        return f"{next(count):0{2 * size}x}"

    assert make_secrets_file(path, random)
    made = path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not make_secrets_file(path, random)
    assert path.read_text("utf-8") == made

    loaded = load_secrets(path)
    assert loaded.warnings == ()
    assert len({secret.get_secret_value() for secret in _all(loaded.secrets)}) == 4


def test_of_a_first_file_that_cannot_be_written_nothing_is_left(tmp_path: Path) -> None:
    def random(size: int) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        make_secrets_file(tmp_path / "secrets.toml", random)

    assert list(tmp_path.iterdir()) == []
    assert make_secrets_file(tmp_path / "secrets.toml", lambda size: "x" * size)


def _all(found: Secrets) -> list[SecretStr]:
    keys = [*found.click_keys.all, found.person_salt, *found.api_keys["local"].secrets]
    return [*keys, *found.postbacks["local"].secrets]


def test_what_is_made_at_random_is_read_again() -> None:
    assert read_secrets(new_secrets(lambda size: "Az_-" * size), "new").api_keys.keys() == {"local"}


def test_a_shop_with_one_campaign_serves_it_alone() -> None:
    given = {"kind": "stripe", "secrets": ["what the shop signs with"]}

    assert Hook.model_validate(given).served is None
    assert Hook.model_validate({**given, "campaign": "a"}).served == frozenset("a")
    assert Hook.model_validate({**given, "campaigns": ["a", "b"], "campaign": "a"}).served == frozenset("ab")
