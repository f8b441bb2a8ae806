"""Models of others, installed where the process that rates looks for them."""

from pathlib import Path

from models.sentiment.plugins import GROUP

ROOT = Path(__file__).parents[2]
TOY = "tests.unit.models.sentiment.toy"


def install(directory: Path, *made: str) -> str:
    """Install packages with these functions and classes of TOY; return the PYTHONPATH that finds them."""
    for name in made:
        package = directory / f"{name}-1.0.dist-info"
        package.mkdir()
        (package / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (package / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {TOY}:{name}\n")
    return f"{directory}:{ROOT}"


def rating_processes(parent: int) -> list[int]:
    """List the processes that rate for a worker."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in listed if b"streams.rating" in Path(f"/proc/{pid}/cmdline").read_bytes()]
