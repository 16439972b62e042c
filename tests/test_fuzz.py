"""Hostile input does nothing that it may not: every input that is kept, and a slice of what `scripts/fuzz` generates."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from mockportal.engine.world import World
from tests.support.fuzzing import bench as fuzzing
from tests.support.fuzzing.bench import CORPUS, TARGETS, Bench, Broken, seeds
from tests.support.fuzzing.mutations import mutated

SLICE = {"connection": 150, "request": 50, "scenario": 8, "document": 20, "overlay": 20, "targets": 10}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(tmp_path_factory.mktemp("fuzz"))
    yield bench
    bench.loop.close()


@pytest.fixture(scope="module")
def known(bench: Bench) -> dict[str, list[bytes]]:
    return seeds(bench)


@pytest.mark.parametrize(
    "path", sorted(CORPUS.glob("*/*")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_kept_input_breaks_nothing(bench: Bench, path: Path) -> None:
    bench.try_input(path.parent.name, path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_generated_input_breaks_nothing(bench: Bench, known: dict[str, list[bytes]], name: str) -> None:
    chance = Random(f"{name} 1")
    for _ in range(SLICE[name]):
        bench.try_input(name, mutated(chance, known[name]))


def test_bug_is_found(bench: Bench, known: dict[str, list[bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> World:
        raise ZeroDivisionError

    monkeypatch.setattr(bench.mock.worlds, "world", broken)
    for name in ("connection", "request"):
        with pytest.raises(Broken, match=r"this is a bug of mockportal|500|failed"):
            bench.try_input(name, known[name][-1])


def test_slow_input_is_found(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzing, "PATIENCE", 0)

    with pytest.raises(Broken, match="it takes"):
        bench.try_input("request", b"GET /v2/portal/user\nhost: localhost\n\n")
