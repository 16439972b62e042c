"""Every version in the lock file, and every lower bound of the package, is beyond the vulnerabilities that are known.

`pip-audit` asks a service on the net; this table needs none. Add a line when an advisory concerns us.
"""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
# package → (the first version without it, the advisory, what it lets happen)
FLOORS = {
    "certifi": ("2024.7.4", "CVE-2024-39689", "trusts certificates of an authority that browsers dropped"),
    "cryptography": ("44.0.1", "CVE-2024-12797", "its OpenSSL does not notice an unauthenticated server"),
    "h11": ("0.16.0", "CVE-2025-43859", "accepts malformed chunks, so requests can be smuggled"),
    "idna": ("3.7", "CVE-2024-3651", "takes quadratic time for some names"),
    "jinja2": ("3.1.6", "CVE-2025-27516", "lets a template out of its sandbox"),
    "mcp": ("1.10.0", "CVE-2025-53365", "a client can stop the server by an exception"),
    "orjson": ("3.9.15", "CVE-2024-27454", "recurses without end over deep input"),
    "pygments": ("2.15.0", "CVE-2022-40896", "takes exponential time for some texts"),
    "pyjwt": ("2.4.0", "CVE-2022-29217", "takes a public key for a secret"),
    "python-multipart": ("0.0.18", "CVE-2024-53981", "logs and skips without end before a boundary"),
    "pyyaml": ("5.4", "CVE-2020-14343", "runs code while loading"),
    "requests": ("2.32.4", "CVE-2024-47081", "sends credentials of .netrc to another host"),
    "starlette": ("0.49.1", "CVE-2025-62727", "takes quadratic time for a Range header"),
    "urllib3": ("2.6.0", "CVE-2025-66471", "decompresses without bound"),
    "uvicorn": ("0.11.7", "CVE-2020-7695", "lets a header be split"),
    "werkzeug": ("3.0.6", "CVE-2024-49767", "keeps forms without bound"),
}


def locked() -> dict[str, Version]:
    lines = re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;]+)", (ROOT / "requirements.lock").read_text())
    return {str(canonicalize_name(name)): Version(version) for name, version in lines}


def lower_bounds() -> dict[str, Version]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    bounds: dict[str, Version] = {}
    for one in map(Requirement, asked):
        lowest = [Version(each.version) for each in one.specifier if each.operator in (">=", "==")]
        if lowest:
            bounds[canonicalize_name(one.name)] = max(lowest)
    return bounds


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_version_is_beyond_the_known_vulnerability(name: str) -> None:
    floor, advisory, effect = FLOORS[name]
    known = locked()

    assert name in known, f"{name} is not needed any more: take its line away"
    assert known[name] >= Version(floor), f"{advisory}: {name} {effect}"
    assert lower_bounds().get(name, Version(floor)) >= Version(floor), f"{advisory}: {name} {effect}"
