"""The composition root: spec, behaviours and scenarios put together, and the worlds that are served from them."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mockportal.config import BEHAVIOURS, LIMITS, content, scenario_folders
from mockportal.engine.api import load_api
from mockportal.engine.engine import Engine
from mockportal.engine.responders import Responders
from mockportal.engine.world import World
from mockportal.spec.spec import Spec, load_spec
from mockportal.state.clock import Clock
from mockportal.state.scenario import Scenario, ScenarioPlan, empty_scenario, load_scenario
from mockportal.state.scenario_files import scenario_names

MAIN = "main"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Setup:
    """What to serve: all the choices of the command line that are not about the network.

    scenario:    a scenario's name, or its file
    spec:        another document than the shipped one
    overlay:     another overlay than the shipped one, which belongs to the shipped document
    use_overlay: False for the raw document
    behaviours:  the package that answers; None for the shipped one with the shipped document, else for none
    scenarios:   the folder that is looked into first; None for `./scenarios`
    seed, clock: in place of the scenario's own
    """

    scenario: str = DEFAULT
    spec: Path | None = None
    overlay: Path | None = None
    use_overlay: bool = True
    behaviours: str | None = None
    scenarios: Path | None = None
    seed: int | None = None
    clock: Clock | None = None

    @property
    def package(self) -> str:
        """The package of behaviours; "" for none."""
        if self.behaviours is not None:
            return self.behaviours
        return BEHAVIOURS if self.spec is None else ""

    def folders(self) -> tuple[Path, ...]:
        """Where scenarios are looked up, first match wins."""
        return scenario_folders(self.scenarios, shipped=self.spec is None)


class Mock:
    """Worlds over one engine. A world is made on first use; beyond the limit the one unused for longest goes."""

    def __init__(self, setup: Setup, spec: Spec) -> None:
        self.setup = setup
        self.spec = spec
        self.api = load_api(setup.package, spec)
        self.engine = Engine(spec, Responders(spec, self.api))
        self._plans: dict[str, ScenarioPlan] = {}
        self._default = self._built(setup.scenario, setup.seed, setup.clock)
        self._worlds: OrderedDict[str, World] = OrderedDict({MAIN: World(MAIN, self._default)})

    def __iter__(self) -> Iterator[World]:
        return iter(self._worlds.values())

    def scenario(self, name: str | None, seed: int | None = None, clock: Clock | None = None) -> Scenario:
        """A scenario by name (None: the served one), for a seed and clock. Raises `FileError`."""
        if name in (None, self.setup.scenario) and seed is None and clock is None:
            return self._default
        seed = self.setup.seed if seed is None else seed
        return self._built(name or self.setup.scenario, seed, clock or self.setup.clock)

    def world(self, name: str = MAIN) -> World:
        """The world called `name`, made from the served scenario if there is none."""
        world = self._worlds.get(name)
        if world is None:
            return self.add(name, self._default)
        self._worlds.move_to_end(name)
        return world

    def find(self, name: str) -> World | None:
        """The world called `name`, if there is one."""
        return self._worlds.get(name)

    def add(self, name: str, scenario: Scenario) -> World:
        """A new world, in place of an older one of this name."""
        self._worlds[name] = World(name, scenario)
        self._worlds.move_to_end(name)
        while len(self._worlds) > LIMITS.worlds:
            oldest = next(other for other in self._worlds if other != MAIN)
            del self._worlds[oldest]
        return self._worlds[name]

    def remove(self, name: str) -> bool:
        """Forgets a world; `main` starts afresh when it is next used."""
        return self._worlds.pop(name, None) is not None

    def scenario_files(self) -> list[Path]:
        """The files that the served scenario was read from."""
        return [file.path for file in self._plans[self.setup.scenario].files]

    def reload(self) -> None:
        """Reads the served scenario again and resets the worlds that were made from it. Raises `FileError`,
        and then nothing has changed."""
        plan = self._loaded(self.setup.scenario)
        before, self._default = self._default, plan.build(self.setup.seed, self.setup.clock)
        self._plans = {self.setup.scenario: plan}
        for world in self:
            if world.scenario is before:
                world.reset(self._default)

    def _loaded(self, name: str) -> ScenarioPlan:
        """The scenario; another document than the shipped one starts empty if it has no `default`."""
        folders = self.setup.folders()
        if name == DEFAULT and self.setup.spec is not None and DEFAULT not in scenario_names(folders):
            return empty_scenario(DEFAULT, self.spec, self.api.data)
        return load_scenario(name, folders, self.spec, self.api.data)

    def _built(self, name: str, seed: int | None, clock: Clock | None) -> Scenario:
        """What could be built is not read again."""
        plan = self._plans.get(name) or self._loaded(name)
        scenario = plan.build(seed, clock)
        self._plans[name] = plan
        return scenario


def load_mock(setup: Setup) -> Mock:
    """Raises `MockportalError` for anything in the set-up that cannot be used."""
    return Mock(setup, load_mock_spec(setup))


def load_mock_spec(setup: Setup) -> Spec:
    """The spec of a set-up; the shipped overlay belongs to the shipped document. Raises `SpecError`."""
    return load_spec(*spec_files(setup))


def spec_files(setup: Setup) -> tuple[Path, Path | None]:
    """The document and the overlay of a set-up."""
    shipped = content("overlay.yaml") if setup.spec is None else None
    return setup.spec or content("openapi.json"), (setup.overlay or shipped) if setup.use_overlay else None
