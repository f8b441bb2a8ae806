"""The page on attribution holds: its file of secrets is one."""

import re

from producers.collector.secrets_file import read_secrets
from tests.unit.docs.written import ROOT

PAGE = (ROOT / "docs" / "attribution.md").read_text("utf-8")


def test_the_file_of_secrets_can_be_read_and_has_one_of_each() -> None:
    (written,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)

    found = read_secrets(written.replace("…", "a-secret-of-enough-characters"), "attribution.md")

    assert found.model_fields_set == type(found).model_fields.keys() - {"unsigned_postbacks"}
    assert found.postbacks["network"].proof == "token"
