"""The neighbours of the Portal API that a frontend needs offline, by the first segment of their path."""

from collections.abc import Mapping
from types import MappingProxyType

from mockportal.engine.api import Service

SERVICES: Mapping[str, Service] = MappingProxyType({})
