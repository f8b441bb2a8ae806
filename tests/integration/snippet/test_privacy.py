"""Who the visitor is: known with consent alone, for a limited time, never against their browser's word."""

import pytest

from tests.integration.snippet.scene import Scene

DAY = 24 * 3600 * 1000
SALE = ("'conversion'", "{kind: 'signup'}")
NOTHING = [{}, {}, ""]
SIGNALS = {"globalPrivacyControl": "true", "doNotTrack": "'1'"}


async def test_without_consent_nothing_is_stored_and_nobody_is_named(scene: Scene) -> None:
    await scene.open(path="/landing?kpi_click=c-1")
    await scene.tell(*SALE)
    (first,) = await scene.collector.count(1)
    assert await scene.stored() == NOTHING

    await scene.open(path="/later")
    await scene.tell(*SALE)
    _, second = await scene.collector.count(2)
    # On the landing page the click is known by its address; later nobody remembers it.
    assert (first["click_id"], second["click_id"]) == ("c-1", None)
    assert [(event.get("person_id"), event["consent"]) for event in (first, second)] == [(None, False)] * 2
    assert await scene.stored() == NOTHING


async def test_with_consent_a_person_and_their_click_are_known_on_later_pages(scene: Scene) -> None:
    await scene.open(path="/landing?kpi_click=c-1")
    await scene.tell("'engagement'", "{kind: 'like'}")
    await scene.tell("'consent'", "true")
    await scene.tell(*SALE)
    before, first = await scene.collector.count(2)
    await scene.open(attributes='data-consent="true"', path="/later")
    await scene.tell(*SALE)
    *_, second = await scene.collector.count(3)

    assert (before.get("person_id"), before["consent"]) == (None, False)
    assert first["person_id"] == second["person_id"]
    assert len(first["person_id"]) >= 32
    assert first["consent"] is second["consent"] is True
    assert (first["click_id"], second["click_id"]) == ("c-1", "c-1")
    lasting, session, cookies = await scene.stored()
    assert lasting == {"kpi_person": first["person_id"]}
    assert (session, cookies) == ({"kpi_click": "c-1"}, "")


async def test_a_click_is_told_with_conversions_alone(scene: Scene) -> None:
    await scene.open(path="/landing?kpi_click=c-1")
    await scene.tell("'engagement'", "{kind: 'like'}")
    (event,) = await scene.collector.count(1)

    assert event["click_id"] is None


@pytest.mark.parametrize("word", ["false", "undefined", "'true'", "'yes'"])
async def test_consent_that_is_withdrawn_or_is_none_forgets(scene: Scene, word: str) -> None:
    await scene.open(attributes='data-consent="true"', path="/landing?kpi_click=c-1")
    assert await scene.stored() != NOTHING
    await scene.tell("'consent'", word)
    await scene.tell(*SALE)
    (event,) = await scene.collector.count(1)

    assert (event.get("person_id"), event["consent"]) == (None, False)
    assert await scene.stored() == NOTHING


async def test_a_page_that_says_nothing_of_consent_uses_nothing_and_leaves_it(scene: Scene) -> None:
    await scene.open(attributes='data-consent="true"', path="/landing?kpi_click=c-1")
    stored = await scene.stored()
    await scene.open(path="/later")
    await scene.tell(*SALE)
    (event,) = await scene.collector.count(1)

    assert (event.get("person_id"), event["click_id"]) == (None, None)
    assert await scene.stored() == stored != NOTHING


@pytest.mark.parametrize(("age", "kept"), [(389, True), (391, False), (None, False)])
async def test_a_person_lives_390_days_and_no_visit_prolongs_that(
    scene: Scene, age: int | None, kept: bool
) -> None:
    await scene.open(path="/first")
    made = await scene.page.run("Date.now()") - (age or 0) * DAY
    stored = f"{made}-1-2-3-4" if age else "damaged"
    await scene.page.run(f"localStorage.kpi_person = {stored!r}")
    await scene.open(attributes='data-consent="true"', path="/second")
    await scene.tell(*SALE)
    (event,) = await scene.collector.count(1)

    assert (event["person_id"] == stored) is kept
    assert (await scene.stored())[0] == {"kpi_person": event["person_id"]}


@pytest.mark.parametrize("signal", SIGNALS)
async def test_a_browser_that_objects_is_obeyed_whatever_the_page_says(scene: Scene, signal: str) -> None:
    await scene.open(attributes='data-consent="true"', path="/before?kpi_click=c-1")
    assert await scene.stored() != NOTHING
    said = f"{{get: () => {SIGNALS[signal]}}}"
    await scene.page.before_scripts(f"Object.defineProperty(Navigator.prototype, '{signal}', {said})")
    await scene.open(attributes='data-consent="true"', path="/landing?kpi_click=c-2")
    await scene.tell("'consent'", "true")
    await scene.tell("'conversion'", "{kind: 'signup', person_id: 'p-1', consent: true}")
    (event,) = await scene.collector.count(1)

    assert (event.get("person_id"), event["consent"], event["click_id"]) == (None, False, "c-2")
    assert await scene.stored() == NOTHING


async def test_a_browser_without_storage_has_no_person_and_counts(scene: Scene) -> None:
    denied = "{get() { throw new DOMException('denied', 'SecurityError'); }}"
    await scene.page.before_scripts(
        f"for (const name of ['localStorage', 'sessionStorage'])\n"
        f"  Object.defineProperty(window, name, {denied})"
    )
    await scene.open(attributes='data-consent="true"', path="/landing?kpi_click=c-1")
    await scene.tell(*SALE)
    (event,) = await scene.collector.count(1)

    assert (event.get("person_id"), event["click_id"]) == (None, "c-1")
