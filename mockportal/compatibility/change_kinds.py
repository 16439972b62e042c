"""The rules, and how bad each is for a consumer: the only place that knows.

What a consumer sends may not be forbidden later, so a request that is tightened breaks; what a consumer was promised
may not be taken back, so a response that is loosened breaks. The other way round both are safe. Between the two:
risky, where it depends on the consumer (an exhaustive switch, a default that it relied on).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

BREAKING, RISKY, SAFE = LEVELS = ("breaking", "risky", "safe")


@dataclass(frozen=True, slots=True)
class Rule:
    """How bad it is, and what it says, in one line."""

    level: str
    explanation: str


_OPERATIONS = {
    "operation-removed": Rule(BREAKING, "The operation is gone."),
    "deprecated-operation-removed": Rule(RISKY, "The operation is gone, after it had been deprecated."),
    "operation-added": Rule(SAFE, "The operation is new."),
    "operation-moved": Rule(BREAKING, "The operationId now stands at another method or path."),
    "operation-id-changed": Rule(RISKY, "The operationId is another one: generated clients rename the call."),
    "operation-deprecated": Rule(SAFE, "The operation is deprecated now: it may go later."),
    "path-parameter-renamed": Rule(SAFE, "A path parameter has another name at the same position."),
    "servers-changed": Rule(RISKY, "The operation is offered at other addresses."),
    "security-tightened": Rule(BREAKING, "Credentials or scopes that sufficed do so no longer."),
    "security-loosened": Rule(SAFE, "There is a way in that demands something else, or less."),
    "security-scheme-changed": Rule(BREAKING, "A scheme expects its credentials in another form or place."),
    "keyword-changed": Rule(RISKY, "A keyword outside schemas differs that no other rule knows."),
}

_PARAMETERS = {
    "required-parameter-added": Rule(BREAKING, "A new parameter has to be sent."),
    "optional-parameter-added": Rule(SAFE, "A new parameter may be sent."),
    "parameter-removed": Rule(RISKY, "A parameter is gone: sending it has no effect, or is refused."),
    "parameter-became-required": Rule(BREAKING, "A parameter that could be left out has to be sent."),
    "parameter-became-optional": Rule(SAFE, "A parameter may be left out now."),
    "parameter-deprecated": Rule(SAFE, "A parameter is deprecated now: it may go later."),
    "parameter-style-changed": Rule(
        BREAKING, "A parameter or header is spelled differently (style, explode, content)."
    ),
}

_BODIES = {
    "required-request-body-added": Rule(BREAKING, "A body has to be sent where there was none."),
    "optional-request-body-added": Rule(SAFE, "A body may be sent where there was none."),
    "request-body-removed": Rule(RISKY, "The request has no body any more."),
    "request-body-became-required": Rule(BREAKING, "A body that could be left out has to be sent."),
    "request-body-became-optional": Rule(SAFE, "The body may be left out now."),
    "request-media-type-removed": Rule(BREAKING, "A media type is accepted no longer."),
    "request-media-type-added": Rule(SAFE, "Another media type is accepted."),
    "request-schema-added": Rule(RISKY, "What is sent has a schema, where nothing was said."),
    "request-schema-removed": Rule(SAFE, "What is sent has no schema any more."),
}

_RESPONSES = {
    "success-status-removed": Rule(BREAKING, "A status below 400 is no longer documented."),
    "success-status-added": Rule(RISKY, "There is another status below 400."),
    "error-status-removed": Rule(RISKY, "An error is no longer documented."),
    "error-status-added": Rule(SAFE, "Another error is documented."),
    "response-media-type-removed": Rule(BREAKING, "A media type is answered no longer."),
    "response-media-type-added": Rule(SAFE, "There is another media type to ask for."),
    "response-schema-removed": Rule(BREAKING, "What is answered has no schema any more."),
    "response-schema-added": Rule(SAFE, "What is answered has a schema, where nothing was said."),
    "required-response-header-removed": Rule(BREAKING, "A header that was always there is gone."),
    "response-header-removed": Rule(RISKY, "A header that was sometimes there is gone."),
    "response-header-added": Rule(SAFE, "There is another header."),
    "response-header-became-optional": Rule(BREAKING, "A header that was always there may be missing."),
    "response-header-became-required": Rule(SAFE, "A header is always there now."),
}

_VALUES = {
    "request-type-changed": Rule(BREAKING, "The type is another one."),
    "request-type-narrowed": Rule(BREAKING, "Fewer types are accepted."),
    "request-type-widened": Rule(SAFE, "More types are accepted."),
    "response-type-changed": Rule(BREAKING, "The type is another one."),
    "response-type-narrowed": Rule(SAFE, "Fewer types can occur."),
    "response-type-widened": Rule(BREAKING, "More types can occur."),
    "request-null-forbidden": Rule(BREAKING, "Null is accepted no longer."),
    "request-null-allowed": Rule(SAFE, "Null is accepted."),
    "response-null-forbidden": Rule(SAFE, "Null does not occur any more."),
    "response-null-allowed": Rule(BREAKING, "Null can occur."),
    "request-enum-introduced": Rule(BREAKING, "Only listed values are accepted, where any were."),
    "request-enum-dropped": Rule(SAFE, "Any value is accepted, not only listed ones."),
    "request-enum-value-removed": Rule(BREAKING, "A listed value is accepted no longer."),
    "request-enum-value-added": Rule(SAFE, "Another value is accepted."),
    "response-enum-introduced": Rule(SAFE, "Only listed values occur, where any could."),
    "response-enum-dropped": Rule(RISKY, "Any value can occur, not only listed ones."),
    "response-enum-value-removed": Rule(SAFE, "A listed value does not occur any more."),
    "response-enum-value-added": Rule(RISKY, "A value can occur that an exhaustive switch does not know."),
    "request-bound-tightened": Rule(BREAKING, "A limit on size, length or step is tighter."),
    "request-bound-loosened": Rule(SAFE, "A limit on size, length or step is looser."),
    "response-bound-tightened": Rule(SAFE, "A limit on size, length or step is tighter."),
    "response-bound-loosened": Rule(RISKY, "Values can occur beyond the old limit."),
    "request-pattern-changed": Rule(BREAKING, "Texts have to match another pattern."),
    "request-pattern-tightened": Rule(BREAKING, "Texts have to match a pattern."),
    "request-pattern-loosened": Rule(SAFE, "Texts have to match no pattern any more."),
    "response-pattern-changed": Rule(RISKY, "Texts match another pattern."),
    "response-pattern-tightened": Rule(SAFE, "Texts match a pattern."),
    "response-pattern-loosened": Rule(RISKY, "Texts need not match the pattern any more."),
    "request-format-changed": Rule(BREAKING, "Another format is expected."),
    "request-format-tightened": Rule(BREAKING, "A format is expected, or a narrower one."),
    "request-format-loosened": Rule(SAFE, "No format is expected any more, or a wider one."),
    "response-format-changed": Rule(BREAKING, "Values come in another format."),
    "response-format-tightened": Rule(SAFE, "Values come in a format, or in a narrower one."),
    "response-format-loosened": Rule(RISKY, "Values need no format any more, or a wider one."),
    "default-changed": Rule(RISKY, "What counts where nothing is said is another value."),
    "schema-deprecated": Rule(SAFE, "A part of a schema is deprecated now: it may go later."),
    "schema-keyword-changed": Rule(RISKY, "A keyword of a schema differs that no other rule knows."),
}

_OBJECTS = {
    "request-required-property-added": Rule(BREAKING, "A new property has to be sent."),
    "request-property-added": Rule(SAFE, "A new property may be sent."),
    "request-property-removed": Rule(RISKY, "A property is gone: sending it has no effect, or is refused."),
    "request-property-forbidden": Rule(BREAKING, "A property is gone, and unknown ones are refused."),
    "request-property-became-required": Rule(BREAKING, "A property that could be left out has to be sent."),
    "request-property-became-optional": Rule(SAFE, "A property may be left out now."),
    "request-property-became-read-only": Rule(BREAKING, "A property may be sent no longer."),
    "request-additional-properties-closed": Rule(BREAKING, "Properties beyond the listed ones are refused."),
    "request-additional-properties-opened": Rule(SAFE, "Properties beyond the listed ones are accepted."),
    "response-property-removed": Rule(BREAKING, "A property is gone."),
    "response-property-added": Rule(SAFE, "There is a new property."),
    "response-property-added-to-closed": Rule(RISKY, "A new property, where no others were to be expected."),
    "response-property-became-optional": Rule(BREAKING, "A property that was always there may be missing."),
    "response-property-became-required": Rule(SAFE, "A property is always there now."),
    "response-property-became-write-only": Rule(BREAKING, "A property is answered no longer."),
    "response-additional-properties-removed": Rule(
        BREAKING, "Other properties, which the object allowed expressly, are gone."
    ),
    "response-additional-properties-closed": Rule(SAFE, "No properties beyond the listed ones occur."),
    "response-additional-properties-opened": Rule(RISKY, "Properties beyond the listed ones can occur."),
}

_CHOICES = {
    "request-alternative-removed": Rule(
        BREAKING, "An alternative of a oneOf or anyOf is accepted no longer."
    ),
    "request-alternative-added": Rule(SAFE, "Another alternative is accepted."),
    "response-alternative-removed": Rule(SAFE, "An alternative does not occur any more."),
    "response-alternative-added": Rule(BREAKING, "A shape can occur that the consumer does not know."),
    "discriminator-property-changed": Rule(BREAKING, "Another property tells the alternatives apart."),
    "discriminator-changed": Rule(RISKY, "The discriminator is new, gone, or maps other values."),
}

RULES: Mapping[str, Rule] = MappingProxyType(
    _OPERATIONS | _PARAMETERS | _BODIES | _RESPONSES | _VALUES | _OBJECTS | _CHOICES
)
