"""The collections of a world: the schema of their records, their keys, relations and indexes.

An API describes its own in one `DataModel`. Two collections belong to the mock itself and are there for every API:
`resource` holds what operations without behaviours store, `revocation` the families of tokens that were revoked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, Protocol

from mockportal.errors import hint
from mockportal.json_tree import plain_texts
from mockportal.values import Json, Record

_Entry = tuple[str, str, str]  # of the index


class UnknownCollection(Exception):
    """Somebody asked for a collection that the data model does not have; the message names those it has."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """The JSON Schema of an attribute's value, and the collections whose records it names, if it names any.

    It names them by a relation (see `RelationForm`) or by an id.
    """

    schema: Mapping[str, Json] = field(hash=False)
    targets: tuple[str, ...] = ()
    is_relation: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One collection.

    name:       what scenarios and the control API call it
    schema:     the component schema of the raw record; None for a collection that the document does not have
    key:        the attribute that holds a record's id
    ids:        how ids are made from aliases: uuid, short, ulid, or alias (the id is the alias itself)
    entity:     whether a record carries the system fields that `DataModel.complete` fills in
    indexes:    the attributes that are looked up without a scan
    texts:      the attributes whose texts are, whatever their case; see `text_index`
    views:      the narrower schemas through which operations answer a record: component schemas, or pointers
    reshaped:   the attributes that these views show in another form than the record has
    attributes: what behaviours read, and everything that the document does not describe
    required:   the attributes that behaviours rely on
    conditions: further JSON Schemas that a record keeps
    """

    name: str
    schema: str | None = None
    key: str = "id"
    ids: str = "uuid"
    entity: bool = False
    indexes: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    reshaped: frozenset[str] = frozenset()
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    required: tuple[str, ...] = ()
    conditions: tuple[Record, ...] = field(default=(), hash=False)
    texts: tuple[str, ...] = ()


def text_index(attribute: str) -> str:
    """The index in which a record stands under each of an attribute's `plain_texts`."""
    return f"{attribute}~"


@dataclass(frozen=True, slots=True)
class Relation:
    """Records of `kind` name others in `attribute`; those, of the kinds `targets`, show it back as `inverse`.

    The inverse is never stored: it is read from the index of relations, so it is right after every write.
    """

    kind: str
    attribute: str
    inverse: str
    targets: tuple[str, ...]


class RelationForm(NamedTuple):
    """The form in which an attribute refers to records.

    made:   the value that refers to some ids
    ids:    the ids that a value refers to; none for a value of another form
    marked: whether a value, an object, shows by its form that it is a relation; otherwise only declared attributes are
    """

    made: Callable[..., Json]
    ids: Callable[[Json], list[str]]
    marked: bool = False


class Token(NamedTuple):
    """A static bearer token. `family` groups the tokens that one revocation ends."""

    kind: str
    subject: str
    family: str
    rights: str = "write"
    org: str = ""
    claims: Mapping[str, Json] = MappingProxyType({})


class TokenReader(Protocol):
    """Makes the token that an entry of a scenario's `tokens` describes.

    `draft` holds the scenario's records and may be written to; `id_of("user", "customer")` is the id of the record
    that the entry names under `user` as `customer/ALIAS`, and raises `FileError` if there is none. For any other
    mistake in the entry, raises `ValueError`.
    """

    def __call__(self, name: str, entry: Record, draft: Json, id_of: Callable[[str, str], str]) -> Token: ...


class TokenForm(NamedTuple):
    """The entries that a scenario's `tokens` may have: a JSON Schema for each sort, and who reads them."""

    schemas: tuple[Record, ...]
    read: TokenReader


def ids_as_relation(*ids: str) -> Json:
    """One id as a text, several as a list."""
    return ids[0] if len(ids) == 1 else list(ids)


def related_plainly(value: Json) -> list[str]:
    """The ids in a text or a list of texts."""
    listed = value if isinstance(value, list) else [value]
    return [id for id in listed if isinstance(id, str)]


def plain_token(name: str, entry: Record, draft: Json, id_of: Callable[[str, str], str]) -> Token:
    """`{kind: customer, subject: c1}`; both are optional, and `admin: true` is short for the kind `admin`."""
    claims = MappingProxyType(dict(entry.get("claims", {})))
    kind, subject = (
        str(entry.get("kind", "admin" if "admin" in entry else "bearer")),
        str(entry.get("subject", name)),
    )
    return Token(kind, subject, f"static:{name}", claims=claims)


PLAIN_RELATIONS = RelationForm(ids_as_relation, related_plainly)
PLAIN_TOKENS = TokenForm(
    (
        {
            "type": "object",
            "properties": {
                "kind": {"type": "string", "minLength": 1},
                "admin": {"const": True},
                "subject": {"type": "string", "minLength": 1},
                "claims": {"type": "object"},
            },
            "additionalProperties": False,
        },
    ),
    plain_token,
)
# Takes a record with its key, its alias, the draft that it will be put into, and the world's instant as text.
Completion = Callable[[Kind, Record, str, Json, str], Record]
# The attributes that the records of a draft, its second argument, themselves define for a collection.
OwnAttributes = Callable[[str, Json], Iterable[str]]


@dataclass(frozen=True, slots=True)
class DataModel:
    """The collections of an API, by name, and how their records refer to each other. `data_model` makes one.

    kinds:             the collections by name
    inverses:          (kind, attribute) of each relation -> the name of its inverse
    relations_to:      kind of the target -> the relations that may lead to it
    relation_form:     how an attribute refers to records
    tokens:            which static tokens a scenario may have
    complete:          fills in the system fields of an entity that does not have them
    updated_attribute: the attribute of an entity that holds the instant of its last change; "" for none
    own_attributes:    the attributes that records themselves define, apart from those of the collections
    """

    kinds: Mapping[str, Kind]
    inverses: Mapping[tuple[str, str], str]
    relations_to: Mapping[str, tuple[Relation, ...]]
    relation_form: RelationForm
    tokens: TokenForm
    complete: Completion
    updated_attribute: str
    own_attributes: OwnAttributes

    def kind(self, name: str) -> Kind:
        """The collection called `name`. Raises `UnknownCollection`, which names the known ones."""
        found = self.kinds.get(name)
        if found is None:
            known = ", ".join(sorted(self.kinds))
            raise UnknownCollection(
                f"there is no collection {name!r}{hint(name, self.kinds)} (known: {known})"
            )
        return found

    @property
    def inverse_names(self) -> frozenset[str]:
        """The names of all inverses."""
        return frozenset(self.inverses.values())

    def has_entity(self, name: str) -> bool:
        """True if `name` is a collection of entities."""
        return name in self.kinds and self.kinds[name].entity

    def related(self, kind: Kind, attribute: str, value: Json) -> list[str]:
        """The ids that an attribute of a record of `kind` refers to."""
        form, declared = self.relation_form, (kind.name, attribute) in self.inverses
        return form.ids(value) if (isinstance(value, dict) if form.marked else declared) else []

    def refiled(self, kind: Kind, old: Record, new: Record) -> tuple[set[_Entry], set[_Entry]]:
        """The entries that a record of `kind` leaves when it changes, and those that it comes to; attributes that have
        not changed are the same objects."""
        before, after = set[_Entry](), set[_Entry]()
        for name in {**old, **new}:
            if old.get(name) is not new.get(name):
                before.update(self._filed(kind, name, old.get(name)))
                after.update(self._filed(kind, name, new.get(name)))
        return before - after, after - before

    def _filed(self, kind: Kind, attribute: str, value: Json) -> list[_Entry]:
        """The entries under which an attribute of a record of `kind` files it."""
        found = [(target, kind.name, attribute) for target in self.related(kind, attribute, value)]
        if attribute in kind.indexes:
            listed = value if isinstance(value, list) else (value,)
            found += [(kind.name, attribute, one) for one in listed if isinstance(one, str)]
        if attribute in kind.texts:
            found += [(kind.name, text_index(attribute), one) for one in plain_texts(value)]
        return found


def as_it_is(kind: Kind, record: Record, alias: str, draft: Json, now: str) -> Record:
    """The completion of a data model whose records have no system fields."""
    return record


def none_of_its_own(kind: str, draft: Json) -> Iterable[str]:
    """The own attributes of a data model whose records define none."""
    return ()


def data_model(
    kinds: Iterable[Kind] = (),
    relations: Iterable[Relation] = (),
    relation_form: RelationForm = PLAIN_RELATIONS,
    tokens: TokenForm = PLAIN_TOKENS,
    complete: Completion = as_it_is,
    updated_attribute: str = "",
    own_attributes: OwnAttributes = none_of_its_own,
) -> DataModel:
    """The data model of these collections and relations. Raises `ValueError` for a relation of an unknown one."""
    by_name = {kind.name: kind for kind in (*_OWN, *kinds)}
    all_relations = tuple(relations)
    for relation in all_relations:
        for name in (relation.kind, *relation.targets):
            if name not in by_name:
                raise ValueError(
                    f"the relation {relation.kind}.{relation.attribute} names no collection: {name!r}"
                )
    return DataModel(
        kinds=MappingProxyType(by_name),
        inverses=MappingProxyType({(one.kind, one.attribute): one.inverse for one in all_relations}),
        relations_to=MappingProxyType(
            {name: tuple(one for one in all_relations if name in one.targets) for name in by_name}
        ),
        relation_form=relation_form,
        tokens=tokens,
        complete=complete,
        updated_attribute=updated_attribute,
        own_attributes=own_attributes,
    )


_TEXT = MappingProxyType({"type": "string"})
_OWN = (
    Kind(
        "resource",
        key="key",
        ids="alias",
        indexes=("path",),
        attributes=MappingProxyType(
            {"key": Attribute(_TEXT), "path": Attribute(_TEXT), "value": Attribute(MappingProxyType({}))}
        ),
        required=("key", "path", "value"),
    ),
    Kind(
        "revocation",
        key="family",
        ids="alias",
        attributes=MappingProxyType({"family": Attribute(_TEXT), "at": Attribute(_TEXT)}),
        required=("family",),
    ),
)
EMPTY = data_model()
