"""Compiled code is kept on disk, in a folder for each state of the sources, as far as that can be done."""

import os
import shutil
from pathlib import Path

import pytest

import models
from models.core.compiling import dispatchers
from streams.worker.code_store import ROOMS, CodeStore, digest_of


def test_where_nothing_can_be_written_it_is_said_and_nothing_raised(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = CodeStore(tmp_path / "file")

    store.save("one", b"code")
    store.tidy()

    assert "KPIS_CACHE_DIR" in store.problem
    assert store.load("one") is None
    assert (store.loaded, store.compiled) == (0, 1)


def test_without_a_home_directory_it_is_said_and_nothing_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    assert CodeStore(Path("~nobody-of-that-name/x")).problem


def test_code_is_kept_for_the_next_start(tmp_path: Path) -> None:
    CodeStore(tmp_path).save("one", b"code")

    assert CodeStore(tmp_path).load("one") == b"code"
    assert [path.name for path in CodeStore(tmp_path).folder.iterdir()] == ["one"]


@pytest.mark.parametrize("at", [0, -1])
def test_code_with_a_wrong_bit_is_not_taken(tmp_path: Path, at: int) -> None:
    """Numba takes it: with three wrong bits in each file a worker ended by SIGSEGV, at every start."""
    store = CodeStore(tmp_path)
    store.save("one", b"code")
    kept = bytearray((store.folder / "one").read_bytes())
    kept[at] ^= 1
    (store.folder / "one").write_bytes(kept)

    assert store.load("one") is None
    assert store.loaded == 0


@pytest.mark.parametrize("left", range(20))
def test_code_that_is_cut_off_is_not_taken(tmp_path: Path, left: int) -> None:
    store = CodeStore(tmp_path)
    store.save("one", b"code")
    os.truncate(store.folder / "one", left)

    assert store.load("one") is None


def test_code_under_another_name_is_not_taken(tmp_path: Path) -> None:
    store = CodeStore(tmp_path)
    store.save("one", b"code")
    (store.folder / "one").rename(store.folder / "other")

    assert store.load("other") is None


def test_what_cannot_be_kept_leaves_nothing_behind(tmp_path: Path) -> None:
    store = CodeStore(tmp_path)
    (store.folder / "one").mkdir(parents=True)

    store.save("one", b"code")

    assert store.problem
    assert [path.name for path in store.folder.iterdir()] == ["one"]


def test_what_others_keep_in_the_same_place_stays_whatever_its_names_length(tmp_path: Path) -> None:
    names = [f"reports-of-{number:05}" for number in range(12)]
    for name in names:
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (1, 1))
    store = CodeStore(tmp_path)
    store.save("one", b"code")
    store.tidy()

    assert {path.name for path in tmp_path.iterdir()} == {*names, store.folder.name}


def test_only_the_folders_that_were_used_last_are_kept(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number:016}").mkdir()
        os.utime(tmp_path / f"{number:016}", (number, number))
    (tmp_path / "of-others").mkdir()
    store = CodeStore(tmp_path)
    store.save("one", b"code")
    store.tidy()

    kept = {path.name for path in tmp_path.iterdir()} - {"of-others", store.folder.name}
    assert kept == {f"{number:016}" for number in range(5, 12)}
    assert store.load("one") == b"code"


def test_the_folder_has_another_name_when_a_source_of_compiled_code_changes(tmp_path: Path) -> None:
    sources = Path(models.__file__).parent
    shutil.copytree(sources, tmp_path / "models", ignore=shutil.ignore_patterns("__pycache__"))
    names = [digest_of(sources), digest_of(tmp_path / "models")]
    for changed in ("core/octets.py", "times.py"):
        file = tmp_path / "models" / changed
        file.write_text(file.read_text("utf-8") + "# changed", "utf-8")
        names.append(digest_of(tmp_path / "models"))

    assert names[0] == names[1]
    assert len(set(names)) == 3


def test_every_compiled_function_is_in_a_room_that_the_folders_name_depends_on() -> None:
    rooms = {tuple(dispatcher.__module__.split(".")[:2]) for dispatcher in dispatchers()}

    assert rooms <= {("models", room) for room in ROOMS}
