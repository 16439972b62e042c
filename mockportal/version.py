"""The version of the installed package, which its build takes from the tags of the repository."""

from importlib.metadata import PackageNotFoundError, version

UNKNOWN = "0+unknown"


def installed_version() -> str:
    """The version of the installed package, such as `1.2.0`; `0+unknown` if the package is not installed."""
    try:
        return version("mockportal")
    except PackageNotFoundError:
        return UNKNOWN
