"""Every kind of change, and how bad it is for a consumer.

A request that is tightened breaks consumers, because they may send what is forbidden now. A response that is loosened
breaks them as well, because a promise is taken back. The opposite changes are safe. A change is risky if it depends on
the consumer, such as an exhaustive switch, or a default that it relied on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

BREAKING, RISKY, SAFE = LEVELS = ("breaking", "risky", "safe")


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """One kind of change: its level, and a line that says what it means."""

    level: str
    explanation: str


_OPERATIONS = {
    "operation-removed": ChangeKind(BREAKING, "The operation is gone."),
    "deprecated-operation-removed": ChangeKind(RISKY, "The operation is gone, after it had been deprecated."),
    "operation-added": ChangeKind(SAFE, "The operation is new."),
    "operation-moved": ChangeKind(BREAKING, "The operationId now stands at another method or path."),
    "operation-id-changed": ChangeKind(
        RISKY, "The operationId is another one: generated clients rename the call."
    ),
    "operation-deprecated": ChangeKind(SAFE, "The operation is deprecated now: it may go later."),
    "path-parameter-renamed": ChangeKind(SAFE, "A path parameter has another name at the same position."),
    "servers-changed": ChangeKind(RISKY, "The operation is offered at other addresses."),
    "security-tightened": ChangeKind(BREAKING, "Credentials or scopes that sufficed do so no longer."),
    "security-loosened": ChangeKind(SAFE, "There is a way in that demands something else, or less."),
    "security-scheme-changed": ChangeKind(
        BREAKING, "A scheme expects its credentials in another form or place."
    ),
    "keyword-changed": ChangeKind(
        RISKY, "A keyword outside schemas differs that no other kind of change covers."
    ),
}

_PARAMETERS = {
    "required-parameter-added": ChangeKind(BREAKING, "A new parameter has to be sent."),
    "optional-parameter-added": ChangeKind(SAFE, "A new parameter may be sent."),
    "parameter-removed": ChangeKind(RISKY, "A parameter is gone: sending it has no effect, or is refused."),
    "parameter-became-required": ChangeKind(BREAKING, "A parameter that could be left out has to be sent."),
    "parameter-became-optional": ChangeKind(SAFE, "A parameter may be left out now."),
    "parameter-deprecated": ChangeKind(SAFE, "A parameter is deprecated now: it may go later."),
    "parameter-style-changed": ChangeKind(
        BREAKING, "A parameter or header is spelled differently (style, explode, content)."
    ),
}

_BODIES = {
    "required-request-body-added": ChangeKind(BREAKING, "A body has to be sent where there was none."),
    "optional-request-body-added": ChangeKind(SAFE, "A body may be sent where there was none."),
    "request-body-removed": ChangeKind(RISKY, "The request has no body any more."),
    "request-body-became-required": ChangeKind(BREAKING, "A body that could be left out has to be sent."),
    "request-body-became-optional": ChangeKind(SAFE, "The body may be left out now."),
    "request-media-type-removed": ChangeKind(BREAKING, "A media type is accepted no longer."),
    "request-media-type-added": ChangeKind(SAFE, "Another media type is accepted."),
    "request-schema-added": ChangeKind(RISKY, "What is sent has a schema, where nothing was said."),
    "request-schema-removed": ChangeKind(SAFE, "What is sent has no schema any more."),
}

_RESPONSES = {
    "success-status-removed": ChangeKind(BREAKING, "A status below 400 is no longer documented."),
    "success-status-added": ChangeKind(RISKY, "There is another status below 400."),
    "error-status-removed": ChangeKind(RISKY, "An error is no longer documented."),
    "error-status-added": ChangeKind(SAFE, "Another error is documented."),
    "response-media-type-removed": ChangeKind(BREAKING, "A media type is answered no longer."),
    "response-media-type-added": ChangeKind(SAFE, "There is another media type to ask for."),
    "response-schema-removed": ChangeKind(BREAKING, "What is answered has no schema any more."),
    "response-schema-added": ChangeKind(SAFE, "What is answered has a schema, where nothing was said."),
    "required-response-header-removed": ChangeKind(BREAKING, "A header that was always there is gone."),
    "response-header-removed": ChangeKind(RISKY, "A header that was sometimes there is gone."),
    "response-header-added": ChangeKind(SAFE, "There is another header."),
    "response-header-became-optional": ChangeKind(BREAKING, "A header that was always there may be missing."),
    "response-header-became-required": ChangeKind(SAFE, "A header is always there now."),
}

_VALUES = {
    "request-type-changed": ChangeKind(BREAKING, "The type is another one."),
    "request-type-narrowed": ChangeKind(BREAKING, "Fewer types are accepted."),
    "request-type-widened": ChangeKind(SAFE, "More types are accepted."),
    "response-type-changed": ChangeKind(BREAKING, "The type is another one."),
    "response-type-narrowed": ChangeKind(SAFE, "Fewer types can occur."),
    "response-type-widened": ChangeKind(BREAKING, "More types can occur."),
    "request-null-forbidden": ChangeKind(BREAKING, "Null is accepted no longer."),
    "request-null-allowed": ChangeKind(SAFE, "Null is accepted."),
    "response-null-forbidden": ChangeKind(SAFE, "Null does not occur any more."),
    "response-null-allowed": ChangeKind(BREAKING, "Null can occur."),
    "request-enum-introduced": ChangeKind(BREAKING, "Only listed values are accepted, where any were."),
    "request-enum-dropped": ChangeKind(SAFE, "Any value is accepted, not only listed ones."),
    "request-enum-value-removed": ChangeKind(BREAKING, "A listed value is accepted no longer."),
    "request-enum-value-added": ChangeKind(SAFE, "Another value is accepted."),
    "response-enum-introduced": ChangeKind(SAFE, "Only listed values occur, where any could."),
    "response-enum-dropped": ChangeKind(RISKY, "Any value can occur, not only listed ones."),
    "response-enum-value-removed": ChangeKind(SAFE, "A listed value does not occur any more."),
    "response-enum-value-added": ChangeKind(
        RISKY, "A value can occur that an exhaustive switch does not know."
    ),
    "request-bound-tightened": ChangeKind(BREAKING, "A limit on size, length or step is tighter."),
    "request-bound-loosened": ChangeKind(SAFE, "A limit on size, length or step is looser."),
    "response-bound-tightened": ChangeKind(SAFE, "A limit on size, length or step is tighter."),
    "response-bound-loosened": ChangeKind(RISKY, "Values can occur beyond the old limit."),
    "request-pattern-changed": ChangeKind(BREAKING, "Texts have to match another pattern."),
    "request-pattern-rewritten": ChangeKind(
        RISKY, "Texts have to match another pattern; none was found that only the old one accepts."
    ),
    "request-pattern-tightened": ChangeKind(BREAKING, "Texts have to match a pattern."),
    "request-pattern-loosened": ChangeKind(SAFE, "Texts have to match no pattern any more."),
    "response-pattern-changed": ChangeKind(RISKY, "Texts match another pattern."),
    "response-pattern-tightened": ChangeKind(SAFE, "Texts match a pattern."),
    "response-pattern-loosened": ChangeKind(RISKY, "Texts need not match the pattern any more."),
    "request-format-changed": ChangeKind(BREAKING, "Another format is expected."),
    "request-format-tightened": ChangeKind(BREAKING, "A format is expected, or a narrower one."),
    "request-format-loosened": ChangeKind(SAFE, "No format is expected any more, or a wider one."),
    "response-format-changed": ChangeKind(BREAKING, "Values come in another format."),
    "response-format-tightened": ChangeKind(SAFE, "Values come in a format, or in a narrower one."),
    "response-format-loosened": ChangeKind(RISKY, "Values need no format any more, or a wider one."),
    "default-changed": ChangeKind(RISKY, "What counts where nothing is said is another value."),
    "schema-deprecated": ChangeKind(SAFE, "A part of a schema is deprecated now: it may go later."),
    "request-value-refused": ChangeKind(
        BREAKING, "A value that was valid is refused; the message shows one."
    ),
    "response-value-added": ChangeKind(
        BREAKING, "A value can occur that was impossible; the message shows one."
    ),
    "schema-keyword-changed": ChangeKind(
        RISKY, "A keyword of a schema differs that no other kind of change covers."
    ),
}

_OBJECTS = {
    "request-required-property-added": ChangeKind(BREAKING, "A new property has to be sent."),
    "request-property-added": ChangeKind(SAFE, "A new property may be sent."),
    "request-property-removed": ChangeKind(
        RISKY, "A property is gone: sending it has no effect, or is refused."
    ),
    "request-property-forbidden": ChangeKind(BREAKING, "A property is gone, and unknown ones are refused."),
    "request-property-became-required": ChangeKind(
        BREAKING, "A property that could be left out has to be sent."
    ),
    "request-property-became-optional": ChangeKind(SAFE, "A property may be left out now."),
    "request-property-became-read-only": ChangeKind(BREAKING, "A property may be sent no longer."),
    "request-additional-properties-closed": ChangeKind(
        BREAKING, "Properties beyond the listed ones are refused."
    ),
    "request-additional-properties-opened": ChangeKind(
        SAFE, "Properties beyond the listed ones are accepted."
    ),
    "response-property-removed": ChangeKind(BREAKING, "A property is gone."),
    "response-property-added": ChangeKind(SAFE, "There is a new property."),
    "response-property-added-to-closed": ChangeKind(
        RISKY, "A new property, where no others were to be expected."
    ),
    "response-property-became-optional": ChangeKind(
        BREAKING, "A property that was always there may be missing."
    ),
    "response-property-became-required": ChangeKind(SAFE, "A property is always there now."),
    "response-property-became-write-only": ChangeKind(BREAKING, "A property is answered no longer."),
    "response-additional-properties-removed": ChangeKind(
        BREAKING, "Other properties, which the object allowed expressly, are gone."
    ),
    "response-additional-properties-closed": ChangeKind(SAFE, "No properties beyond the listed ones occur."),
    "response-additional-properties-opened": ChangeKind(
        RISKY, "Properties beyond the listed ones can occur."
    ),
}

_CHOICES = {
    "request-alternative-removed": ChangeKind(
        BREAKING, "An alternative of a oneOf or anyOf is accepted no longer."
    ),
    "request-alternative-covered": ChangeKind(
        RISKY, "An alternative without a name is gone; the rest accepts everything that was tried of it."
    ),
    "request-alternative-added": ChangeKind(SAFE, "Another alternative is accepted."),
    "response-alternative-removed": ChangeKind(SAFE, "An alternative does not occur any more."),
    "response-alternative-added": ChangeKind(BREAKING, "A shape can occur that the consumer does not know."),
    "discriminator-property-changed": ChangeKind(BREAKING, "Another property tells the alternatives apart."),
    "discriminator-changed": ChangeKind(RISKY, "The discriminator is new, gone, or maps other values."),
}

CHANGE_KINDS: Mapping[str, ChangeKind] = MappingProxyType(
    _OPERATIONS | _PARAMETERS | _BODIES | _RESPONSES | _VALUES | _OBJECTS | _CHOICES
)
