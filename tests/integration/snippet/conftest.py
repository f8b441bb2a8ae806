"""A browser for the tests of the snippet, and a tab for each."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.browser import chromium, driven
from tests.integration.snippet.scene import Scene
from tests.integration.snippet.toys import toys


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a browser while the tests run; give the address that drives it."""
    with chromium(tmp_path_factory.mktemp("chromium")) as address:
        yield address


@pytest.fixture
async def scene(browser: str) -> AsyncIterator[Scene]:
    """Open a tab of a fresh profile; whatever the test did, the page's strict policy was kept."""
    async with toys() as (site, collector), driven(browser) as running:
        context = await running.context()
        yield Scene(running, context, await running.open(context), site, collector)
        await running.call("Target.disposeBrowserContext", {"browserContextId": context})
        assert site.violations == []
