"""XML as JSON values and the other way round, named as the `xml` objects of a schema say (OpenAPI 3, XML Object)."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from mockportal.spec.codecs.types import TypeTree, scalar
from mockportal.values import Json, Record

_ITEM = "item"


def read_xml(data: bytes, types: TypeTree) -> Json:
    """The value of a document. Raises `ValueError` for what is not XML, or declares a document type or entities."""
    try:
        return _value(fromstring(data, forbid_dtd=True), types)
    except ParseError as error:
        raise ValueError(f"not XML: {error}") from None
    except DefusedXmlException:
        raise ValueError("document types and entities are not read") from None


def write_xml(value: Json, types: TypeTree, root: str) -> bytes:
    """The document for a value, whose root is called as the schema says, else `root`."""
    element = Element(str(types.xml.get("name", root)))
    _fill(element, value, types)
    return bytes(tostring(element, encoding="utf-8", xml_declaration=True))


def _value(element: Element, types: TypeTree) -> Json:
    if types.kind == "array":
        return [_value(child, types.items) for child in element]
    if types.kind == "object" or (not types.kinds and len(element)):
        return _object(element, types)
    return scalar(types, element.text or "")


def _object(element: Element, types: TypeTree) -> Record:
    made: Record = {}
    read: set[str] = set()
    for name, inner in types.properties:
        tag = str(inner.xml.get("name", name))
        if inner.xml.get("attribute"):
            if tag in element.attrib:
                made[name] = scalar(inner, element.attrib[tag])
            continue
        if inner.kind == "array" and not inner.xml.get("wrapped"):
            tag = str(inner.items.xml.get("name", tag))
            found = [_value(child, inner.items) for child in _children(element, tag)]
            if found:
                made[name] = found
        else:
            for child in _children(element, tag):
                made[name] = _value(child, inner)
        read.add(tag)
    for child in element:
        if _local(child.tag) not in read:
            made[_local(child.tag)] = _value(child, types.of(_local(child.tag)))
    return made


def _children(element: Element, tag: str) -> Iterator[Element]:
    return (child for child in element if _local(child.tag) == tag)


def _local(tag: str) -> str:
    """The name without its namespace."""
    return tag.rpartition("}")[2]


def _fill(element: Element, value: Json, types: TypeTree) -> None:
    if isinstance(value, dict):
        for name, item in value.items():
            _add(element, name, item, types.of(name))
    elif isinstance(value, list):
        items = types.items
        for item in value:
            _fill(SubElement(element, str(items.xml.get("name", _ITEM))), item, items)
    else:
        element.text = _spelled(value)


def _add(element: Element, name: str, value: Json, types: TypeTree) -> None:
    tag = str(types.xml.get("name", name))
    if types.xml.get("attribute"):
        element.set(tag, _spelled(value))
    elif isinstance(value, list):
        items = types.items
        holder = SubElement(element, tag) if types.xml.get("wrapped") else element
        for item in value:
            _fill(SubElement(holder, str(items.xml.get("name", tag))), item, items)
    else:
        _fill(SubElement(element, tag), value, types)


def _spelled(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
