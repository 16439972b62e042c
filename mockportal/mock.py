"""The composition root: spec, behaviours and scenarios put together, and the worlds that are served from them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mockportal.config import BEHAVIOURS, VERSIONS, content, scenario_folders
from mockportal.engine.answers.responders import Responders
from mockportal.engine.api import load_api
from mockportal.engine.engine import Engine
from mockportal.engine.modules import imported_afresh, package_files
from mockportal.engine.world import World
from mockportal.files.inline import inline_file
from mockportal.files.strict_yaml import YamlFile
from mockportal.spec.conversion.normal_form import load_openapi
from mockportal.spec.overlay import Action, apply_fitting, apply_overlay, load_overlay
from mockportal.spec.spec import Spec, compile_spec
from mockportal.state.clock import Clock
from mockportal.state.scenario import Scenario, ScenarioPlan, empty_scenario, load_scenario
from mockportal.state.scenario_files import scenario_names
from mockportal.values import Record
from mockportal.worlds import MAIN, Worlds

DEFAULT = "default"
INLINE = "inline"  # the name of a scenario that comes in a request


@dataclass(frozen=True, slots=True)
class Setup:
    """The API to serve: all choices of the command line that are not about the network.

    scenario:    a scenario's name, or its file
    api:         the version of the shipped document
    spec:        another document than the shipped one
    overlay:     another overlay than the shipped one, which belongs to the shipped document
    use_overlay: False for the raw document
    strict:      whether a fault in one operation or component of another document is one of the whole document
    behaviours:  the package that answers; None for the shipped one with the shipped document, else for none
    scenarios:   the folder that is looked into first; None for `./scenarios`
    seed, clock: in place of the scenario's own
    frontend:    the address of the pages that use the mock, where links in mails lead; "" for those of the data
    domains:      more names under which the frontend of the data is reached
    """

    scenario: str = DEFAULT
    api: str = VERSIONS[0]
    spec: Path | None = None
    overlay: Path | None = None
    use_overlay: bool = True
    strict: bool = False
    behaviours: str | None = None
    scenarios: Path | None = None
    seed: int | None = None
    clock: Clock | None = None
    frontend: str = ""
    domains: tuple[str, ...] = ()

    @property
    def package(self) -> str:
        """The package of behaviours; "" for none."""
        if self.behaviours is not None:
            return self.behaviours
        return BEHAVIOURS if self.spec is None else ""

    @property
    def puts_aside(self) -> bool:
        """True if an operation that cannot be used leaves the others alone: of another document than the shipped."""
        return self.spec is not None and not self.strict

    def folders(self) -> tuple[Path, ...]:
        """The folders in which scenarios are looked up, first match wins."""
        return scenario_folders(self.scenarios, self.api if self.package == BEHAVIOURS else None)


class Mock:
    """Worlds over one engine, and the scenarios that they begin with.

    problem: what keeps a file that has changed from being served, in one line; "" for nothing
    """

    def __init__(self, setup: Setup, spec: Spec) -> None:
        self.setup = setup
        self.spec = spec
        self.problem = ""
        self.api = load_api(setup.package, spec)
        self.engine = Engine(spec, Responders(spec, self.api))
        self._plans: dict[str, ScenarioPlan] = {}
        self._newest: dict[str, Scenario] = {}
        # the shipped data are held against the shipped document, whatever version of it is served
        self._checked_by = load_mock_spec(Setup()) if setup.spec and setup.package == BEHAVIOURS else spec
        self._default = self._built(setup.scenario, setup.seed, setup.clock)
        self.worlds = Worlds(lambda: self._default, setup.frontend)

    def __iter__(self) -> Iterator[World]:
        return iter(self.worlds)

    def scenario(
        self, source: str | Record | None, seed: int | None = None, clock: Clock | None = None
    ) -> Scenario:
        """A scenario by name, or as the value of its file (None: the served one), for a seed and clock.

        It is read again if one of its files has changed. Raises `FileError`.
        """
        if source in (None, self.setup.scenario) and seed is None and clock is None:
            return self.renewed(self._default)
        seed = self.setup.seed if seed is None else seed
        named = inline_file(INLINE, source) if isinstance(source, dict) else source or self.setup.scenario
        return self._built(named, seed, clock or self.setup.clock)

    def scenario_in(self, file: YamlFile) -> Scenario:
        """The scenario of a file that is read already. Raises `FileError`."""
        return self._built(file, None, None)

    def renewed(self, scenario: Scenario) -> Scenario:
        """The scenario as its files say now, for the same seed and clock; itself if none of them has changed. Raises
        `FileError`."""
        if scenario.plan.reading.is_current():
            return scenario
        again = self._built(scenario.plan.source, *scenario.asked)
        if scenario is self._default:
            self._default = again
        return again

    def world(self, name: str = MAIN) -> World:
        """The world called `name`, made from the served scenario if there is none."""
        return self.worlds.world(name)

    def files(self) -> list[Path]:
        """The files that all of this was read from: the served scenario, the document, its overlays, the behaviours."""
        return [*self._default.plan.reading.stamps, *self.code_files()]

    def code_files(self) -> list[Path]:
        """The files of the document, its overlays and the behaviours."""
        return [*contract_files(self.setup), *package_files(self.setup.package)]

    def fresh(self, with_code: bool) -> "Mock":
        """Another mock of the same set-up, as its scenario says now; `with_code` also as document, overlays and
        behaviours do. Raises `MockportalError`."""
        if not with_code:
            return Mock(self.setup, self.spec)
        with imported_afresh(self.setup.package):
            return Mock(self.setup, load_mock_spec(self.setup))

    def take_over(self, other: "Mock") -> None:
        """Goes on with everything of another mock but its worlds."""
        self.spec, self.api, self.engine = other.spec, other.api, other.engine
        self._plans, self._newest = other._plans, other._newest
        self._checked_by, self._default = other._checked_by, other._default

    def follows(self, world: World) -> bool:
        """True if a world was made from the served scenario, for its seed and clock."""
        made_from = world.scenario
        return made_from.plan.source == self._default.plan.source and made_from.asked == self._default.asked

    def _loaded(self, source: str | YamlFile) -> ScenarioPlan:
        """The scenario; another document than the shipped one starts empty if it has no `default`."""
        folders = self.setup.folders()
        if source == DEFAULT and self.setup.spec is not None and DEFAULT not in scenario_names(folders):
            return empty_scenario(DEFAULT, self._checked_by, self.api.data)
        return load_scenario(source, folders, self._checked_by, self.api.data)

    def _built(self, source: str | YamlFile, seed: int | None, clock: Clock | None) -> Scenario:
        """Files that could be built are not read again until they change. Worlds that begin alike share their start,
        unless their clocks tick: these begin to tick when they are built."""
        if not isinstance(source, str):
            return self._completed(self._loaded(source).build(seed, clock))
        newest = self._newest.get(source)
        if newest is not None and newest.asked == (seed, clock) and newest.plan.reading.is_current():
            return newest
        known = self._plans.get(source)
        plan = known if known is not None and known.reading.is_current() else self._loaded(source)
        scenario = self._completed(plan.build(seed, clock))
        self._plans[source] = plan
        if not scenario.clock.ticking:
            self._newest[source] = scenario
        return scenario

    def _completed(self, scenario: Scenario) -> Scenario:
        """The scenario with the domains of the set-up. Raises `UsageError` if the API knows no domains."""
        if not self.setup.domains:
            return scenario
        draft = scenario.draft()
        self.api.add_domains(draft, self.setup.domains)
        return replace(scenario, state=draft.state.as_start())


def load_mock(setup: Setup) -> Mock:
    """Raises `MockportalError` for anything in the set-up that cannot be used."""
    return Mock(setup, load_mock_spec(setup))


def load_mock_spec(setup: Setup) -> Spec:
    """The spec of a set-up. Raises `SpecError`."""
    path, document, actions = read_contract(setup)
    return compile_spec(document, actions, str(path), str(setup.overlay or "overlay"), setup.puts_aside)


def read_contract(setup: Setup) -> tuple[Path, Record, list[Action]]:
    """The file of the document, the document in the version that is asked for, and the actions of its overlays.

    The shipped overlays belong to the shipped document. Another document that the shipped behaviours answer is a
    version of it: the actions that fit it are applied already, and an answer that breaks it is reported, not refused.
    Raises `SpecError`.
    """
    path, *overlays = contract_files(setup)
    document = load_openapi(path)
    if setup.spec is None and setup.api != VERSIONS[0]:
        upgrade = overlays.pop(0)
        apply_overlay(document, load_overlay(upgrade), str(upgrade))
    actions = [action for overlay in overlays for action in load_overlay(overlay)]
    if setup.overlay is not None:
        return path, document, actions
    if setup.spec is None:
        return path, document, actions
    apply_fitting(document, actions)
    return path, document, []


def contract_files(setup: Setup) -> list[Path]:
    """The file of the document, the overlay that makes the asked version of it, and those that are the contract."""
    files = [setup.spec or content("openapi.json")]
    if setup.spec is None and setup.api != VERSIONS[0]:
        files.append(content(f"versions/{setup.api}.yaml"))
    if not setup.use_overlay or (setup.overlay is None and setup.package != BEHAVIOURS):
        return files
    if setup.overlay is not None:
        return [*files, setup.overlay]
    wanted = VERSIONS[: VERSIONS.index(setup.api) + 1] if setup.spec is None else VERSIONS
    shipped = ["overlay.yaml", *(f"versions/{version}-contract.yaml" for version in wanted[1:])]
    return [*files, *map(content, shipped)]
