"""The artefacts, built from the files that git tracks: the same files give the same bytes at any place and time."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

_PRETENDED = "SETUPTOOLS_SCM_PRETEND_VERSION"


@dataclass(frozen=True, slots=True)
class Source:
    """A checkout, with the version that it builds and the time of its commit (seconds since 1970)."""

    root: Path
    version: str
    time: int


class Unbuilt(Exception):
    """A command of the build failed."""


def source_of(root: Path) -> Source:
    """The checkout at `root`."""
    version = _output([sys.executable, "-m", "hatchling", "version"], root).splitlines()[-1]
    return Source(root, version, int(_output(["git", "log", "-1", "--format=%ct"], root)))


def is_changed(root: Path) -> bool:
    """True if the checkout has changes that are not committed."""
    return bool(_output(["git", "status", "--porcelain"], root))


def copy_tracked(root: Path, folder: Path) -> None:
    """Copies the files that git tracks, as they are on disk."""
    for name in _output(["git", "ls-files", "-z"], root).split("\0"):
        if name and (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, folder / name)


def build_python(source: Source, work: Path, built: Path) -> tuple[Path, Path]:
    """Builds the sdist, and the wheel out of the sdist. The folder `work` must be empty."""
    checkout, unpacked = work / "checkout", work / "unpacked"
    copy_tracked(source.root, checkout)
    sdist = _hatchling(source, checkout, "sdist", built / "*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
    return sdist, _hatchling(source, next(unpacked.iterdir()), "wheel", built / "*.whl")


def npm_modules(root: Path, folder: Path) -> Path:
    """The modules that the npm package is compiled with, installed into `folder`."""
    folder.mkdir()
    shutil.copy(root / "clients" / "js" / "package.json", folder)
    _output(["npm", "install", "--ignore-scripts", "--silent", "--no-audit", "--no-fund"], folder)
    return folder / "node_modules"


def build_npm(source: Source, work: Path, built: Path, modules: Path) -> Path:
    """Compiles and packs the npm package, with the TypeScript that the folder `modules` has. `work` must be empty."""
    package = work / "js"
    copy_tracked(source.root / "clients" / "js", package)
    manifest = json.loads((package / "package.json").read_text())
    manifest["version"] = npm_version(source.version)
    (package / "package.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (package / "node_modules").symlink_to(modules)
    for file in package.rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o644)
    packed = _output(["npm", "pack", "--json", "--silent", "--pack-destination", str(built)], package)
    found: str = json.loads(packed)[0]["filename"]
    return built / found


def npm_version(version: str) -> str:
    """A version of Python as one of npm: `1.2.1.dev3+g4f2a` is `1.2.1-dev.3`, and `0.dev5` is `0.0.0-dev.5`."""
    numbers, _, development = version.partition("+")[0].partition(".dev")
    release, kind, number = re.fullmatch(r"([\d.]+)(?:(a|b|rc)(\d+))?", numbers).groups()  # type: ignore[union-attr]
    three = ".".join([*release.split("."), "0", "0"][:3])
    before = [kind, number] if kind else []
    before += ["dev", development] if development else []
    return f"{three}-{'.'.join(before)}" if before else three


def _hatchling(source: Source, folder: Path, target: str, built: Path) -> Path:
    """The artefact of a target, which hatchling names; `built` is its pattern in a folder that is made."""
    own = {_PRETENDED: source.version, "SOURCE_DATE_EPOCH": str(source.time)}
    _output(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(built.parent)], folder, **own
    )
    return next(built.parent.glob(built.name))


def _output(line: list[str], folder: Path, **own: str) -> str:
    """What a command prints. Raises `Unbuilt` if it fails."""
    run = subprocess.run(
        line, cwd=folder, env={**os.environ, **own}, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise Unbuilt(f"{' '.join(line)} ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    return run.stdout.strip()
