"""Attributes of the collections that the document does not describe: types, values, relations.

A value that a behaviour reads as a date, a number or a choice is declared here, so that bad data are refused where they
come in, and not by the answer that they would break. A component schema of the document that is narrower still counts
as well (see `Kind.views`).
"""

from collections.abc import Mapping
from types import MappingProxyType

from mockportal.portal.attribute_types import (
    ANY,
    CENTS,
    COUNT,
    CUSTOMER,
    DAY,
    DECIMAL,
    FILES,
    FLAG,
    MOMENT,
    NUMBER,
    OBJECT,
    OBJECTS,
    REFERENCE,
    TEXT,
    TEXT_OR_NULL,
    TEXTS,
    WHOLE,
    component,
    id_of,
    map_of,
    named,
    one_of,
    relation_to,
)
from mockportal.state.data_model import Attribute

_SYSTEM: Mapping[str, Attribute] = MappingProxyType(
    {"_files": FILES, "_tags": TEXTS, "_purpose": TEXTS, "_changesets": OBJECT, "_deleted_at": DAY}
)
_PERSON: Mapping[str, Attribute] = MappingProxyType(
    {
        "customer_number": ANY,
        "external_id": ANY,
        "email": ANY,
        "phone": ANY,
        "address": ANY,
        "payment": ANY,
        "internal_note": ANY,
    }
)

ENTITIES: Mapping[str, Mapping[str, Attribute]] = MappingProxyType(
    {
        "account": {
            **_PERSON,
            "name": TEXT,
            "vat_number": TEXT_OR_NULL,
            "installer_number": TEXT_OR_NULL,
            "concession": TEXTS,
            "concession_valid_until": map_of(DAY.schema),
        },
        "asset": {"name": ANY, "category": ANY, "customer": CUSTOMER},
        "billing_account": {
            "billing_contact": CUSTOMER,
            "billing_address": REFERENCE,
            "payment_method": REFERENCE,
        },
        "billing_event": {
            "contract": relation_to("contract"),
            "due_date": DAY,
            "paid_date": DAY,
            "booking_date": DAY,
            "direction": one_of("debit", "credit"),
            "invoice_number": TEXT_OR_NULL,
        },
        "contact": {
            **_PERSON,
            "salutation": TEXT_OR_NULL,
            "title": TEXT_OR_NULL,
            "first_name": TEXT,
            "last_name": TEXT,
            "birthdate": DAY,
            "account": relation_to("account"),
        },
        "contract": {
            "customer": CUSTOMER,
            "billing_account": relation_to("billing_account"),
            "order": relation_to("order"),
            "product": relation_to("product"),
            "start_date": DAY,
            "end_date": DAY,
            "termination_date": DAY,
            "move_in_date": DAY,
            "move_out_date": DAY,
            "installment_amount": CENTS,
            "installment_amount_decimal": DECIMAL,
            "installment_amount_currency": TEXT,
            "billing_due_day": COUNT,
            "billing_duration_amount": COUNT,
            "notice_time_amount": COUNT,
            "renewal_duration_amount": COUNT,
            "billing_address": REFERENCE,
            "delivery_address": REFERENCE,
            "additional_addresses": REFERENCE,
            "payment": REFERENCE,
        },
        "file": {
            "filename": TEXT,
            "file_date": MOMENT,
            "public_url": TEXT,
            "shared_with_end_customer": FLAG,
            "size_bytes": WHOLE,
            "s3ref": Attribute(named(bucket=TEXT, key=TEXT)),
        },
        "meter": {
            "meter_number": TEXT_OR_NULL,
            "ma_lo_id": TEXT_OR_NULL,
            "me_lo_id": TEXT_OR_NULL,
            "meter_type": TEXT_OR_NULL,
            "sector": one_of("power", "gas", "water", "waste_water", "district_heating"),
            "status": one_of("active", "decommissioned"),
            "contract": relation_to("contract"),
            "customer": CUSTOMER,
        },
        "meter_counter": {
            "meter": relation_to("meter"),
            "obis_number": TEXT_OR_NULL,
            "ma_lo_id": TEXT_OR_NULL,
            "direction": component("Direction"),
            "tariff_type": one_of("et", "ht", "nt"),
            "unit": TEXT,
            "digits": WHOLE,
            "decimals": WHOLE,
            "transformer_ratio": NUMBER,
            "conversion_factor": NUMBER,
            "last_reading": NUMBER,
            "current_consumption": NUMBER,
            "forecast_consumption": NUMBER,
            "series": one_of(
                "current-month",
                "daily-only",
                "default",
                "dual-tariff",
                "load-cycle",
                "partial-history",
                "prosumer",
            ),
        },
        "opportunity": {
            "opportunity_number": TEXT_OR_NULL,
            "status": one_of("open", "in_progress", "closed", "cancelled"),
            "customer": CUSTOMER,
            "installer": CUSTOMER,
            "address": ANY,
        },
        "order": {
            "order_number": TEXT_OR_NULL,
            "status": one_of("draft", "quote", "placed", "complete", "cancelled", "open_for_acceptance"),
            "expires_at": DAY,
            "customer": CUSTOMER,
            "billing_contact": CUSTOMER,
            "products": relation_to("product"),
            "prices": relation_to("price"),
            "opportunities": relation_to("opportunity"),
            "line_items": OBJECTS,
            "amount_total": NUMBER,
            "amount_total_decimal": DECIMAL,
            "amount_subtotal": NUMBER,
            "amount_tax": NUMBER,
            "currency": TEXT,
        },
        "portal_user": {
            "email": TEXT,
            "portal_id": id_of("portal"),
            "origin": TEXT,
            "mapped_contact": relation_to("contact"),
            "represents": relation_to("contact"),
            "access_status": FLAG,
            "mapping_status": one_of("Mapped", "Pending"),
            "registration_status": component("PortalUserRegistrationStatus"),
            "expires_at": DAY,
            "first_login": DAY,
            "last_login": DAY,
            "external_id": TEXT_OR_NULL,
            "language": TEXT,
        },
        "price": {
            "description": TEXT_OR_NULL,
            "type": one_of("one_time", "recurring"),
            "pricing_model": TEXT,
            "unit": TEXT,
            "unit_amount": NUMBER,
            "unit_amount_decimal": DECIMAL,
            "unit_amount_net_decimal": DECIMAL,
            "unit_amount_currency": TEXT,
            "is_tax_inclusive": FLAG,
            "tax_rate": NUMBER,
            "billing_period": TEXT,
            "dynamic_tariff": OBJECT,
        },
        "product": {
            "name": TEXT,
            "code": TEXT_OR_NULL,
            "type": one_of("product", "service"),
            "description": TEXT_OR_NULL,
            "price_options": relation_to("price"),
            "cross_sellable_products": relation_to("product"),
        },
        "submission": {},
        "ticket": {
            "ticket_number": TEXT_OR_NULL,
            "status": TEXT,
            "subject": TEXT_OR_NULL,
            "description": TEXT_OR_NULL,
            "customer": CUSTOMER,
        },
    }
)


def attributes_of_entity(slug: str) -> Mapping[str, Attribute]:
    """The attributes of an entity, its own schema slug and the other system fields included."""
    return MappingProxyType({**_SYSTEM, "_schema": one_of(slug), **ENTITIES[slug]})
