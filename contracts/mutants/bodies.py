"""JSON bodies changed at a pointer, in which `*` stands for every item; what goes in is never touched."""

from collections.abc import Callable

from mockportal.values import Json

Change = Callable[[Json], Json]
DROPPED = object()


def changed(value: Json, pointer: str, change: Change) -> Json:
    """`value` with `change` made at every place that `pointer` names and that is there. What is DROPPED goes."""
    return _changed(value, pointer.split("/")[1:], change)


def placed(value: Json, pointer: str, item: Json) -> Json:
    """`value` with `item` at every place that `pointer` names; the last step may be new to an object."""
    parent, _, name = pointer.rpartition("/")

    def place(holder: Json) -> Json:
        return (
            {**holder, name: item}
            if isinstance(holder, dict)
            else changed(holder, f"/{name}", lambda _: item)
        )

    return changed(value, parent, place)


def at(value: Json, pointer: str) -> Json:
    """What is at a pointer without `*`."""
    for step in pointer.split("/")[1:]:
        value = value[int(step) if isinstance(value, list) else step]
    return value


def renamed(value: Json, pointer: str, name: str) -> Json:
    """`value` with the last name of `pointer` replaced by `name`, in its place."""
    parent, _, old = pointer.rpartition("/")

    def rename(holder: Json) -> Json:
        if not isinstance(holder, dict):
            return holder
        return {name if key == old else key: item for key, item in holder.items()}

    return changed(value, parent, rename)


def _changed(value: Json, steps: list[str], change: Change) -> Json:
    if not steps:
        return change(value)
    step, *rest = steps
    if isinstance(value, list):
        return [
            _changed(item, rest, change) if step in ("*", str(number)) else item
            for number, item in enumerate(value)
        ]
    if not isinstance(value, dict):
        return value
    made = {
        name: _changed(item, rest, change) if step in ("*", name) else item for name, item in value.items()
    }
    return {name: item for name, item in made.items() if item is not DROPPED}
