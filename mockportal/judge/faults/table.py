"""The severity and the category of what each check finds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mockportal.judge.faults.catalogue import CRITICAL, HIGH, LOW, MEDIUM


class Fault(NamedTuple):
    """The severity of the findings of a check, and the code of their category."""

    severity: str
    category: str


OWN: Final = Fault(MEDIUM, "F999")  # of a check in a hooks file, which has a severity of its own
# One line for each check and journey, by the name that reports use. A test holds this to the lists of the checks.
FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        # of a single answer
        "answer_is_whole": Fault(HIGH, "F916"),
        "not_a_server_error": Fault(HIGH, "F100"),
        "status_code_conformance": Fault(MEDIUM, "F101"),
        "content_type_conformance": Fault(MEDIUM, "F101"),
        "response_schema_conformance": Fault(HIGH, "F101"),
        "response_headers_conformance": Fault(MEDIUM, "F101"),
        "counts_agree": Fault(MEDIUM, "F911"),
        "refusals_say_why": Fault(LOW, "F917"),
        "secrets_stay_secret": Fault(CRITICAL, "F914"),
        "tokens_stay_secret": Fault(CRITICAL, "F914"),
        "redirects_stay_at_home": Fault(HIGH, "F918"),
        "nothing_is_listed_twice": Fault(MEDIUM, "F911"),
        "nothing_contradicts_itself": Fault(MEDIUM, "F911"),
        "bytes_are_sound": Fault(MEDIUM, "F101"),
        "days_exist": Fault(MEDIUM, "F911"),
        "templates_are_filled_in": Fault(MEDIUM, "F919"),
        "parts_add_up": Fault(MEDIUM, "F911"),
        # over several requests
        "success_is_reached": Fault(HIGH, "F910"),
        "token_is_needed": Fault(CRITICAL, "F207"),
        "bad_tokens_are_refused": Fault(CRITICAL, "F207"),
        "token_in_query_is_refused": Fault(MEDIUM, "F207"),
        "wrong_scheme_is_refused": Fault(CRITICAL, "F206"),
        "locked_out_stay_out": Fault(CRITICAL, "F206"),
        "others_data_stay_hidden": Fault(CRITICAL, "F920"),
        "others_data_stay_untouched": Fault(CRITICAL, "F206"),
        "existence_stays_hidden": Fault(MEDIUM, "F204"),
        "minted_tokens_differ": Fault(CRITICAL, "F206"),
        "single_use_is_honoured": Fault(HIGH, "F206"),
        "ids_agree": Fault(MEDIUM, "F911"),
        "records_agree": Fault(MEDIUM, "F911"),
        "versions_agree": Fault(MEDIUM, "F911"),
        "refusals_are_as_documented": Fault(MEDIUM, "F917"),
        "outcomes_are_as_known": Fault(HIGH, "F911"),
        "wrong_methods_are_refused": Fault(LOW, "F210"),
        "wrong_media_type_is_refused": Fault(LOW, "F102"),
        "refusals_change_nothing": Fault(HIGH, "F104"),
        "reads_are_steady": Fault(MEDIUM, "F911"),
        "reads_change_nothing": Fault(HIGH, "F915"),
        "properties_are_seen": Fault(MEDIUM, "F919"),
        "nothing_more_is_shown": Fault(HIGH, "F919"),
        "paging_is_honoured": Fault(MEDIUM, "F912"),
        "hits_agree": Fault(MEDIUM, "F911"),
        "groups_are_whole": Fault(MEDIUM, "F911"),
        "order_is_as_documented": Fault(MEDIUM, "F912"),
        "sort_is_honoured": Fault(MEDIUM, "F912"),
        "filter_is_honoured": Fault(MEDIUM, "F912"),
        "filters_combine": Fault(MEDIUM, "F912"),
        "time_range_is_honoured": Fault(MEDIUM, "F912"),
        "interval_is_honoured": Fault(MEDIUM, "F912"),
        "valid_query_is_accepted": Fault(HIGH, "F910"),
        "valid_body_is_accepted": Fault(HIGH, "F910"),
        "wrong_input_is_refused": Fault(MEDIUM, "F102"),
        "written_values_are_kept": Fault(HIGH, "F913"),
        "foreign_attributes_are_ignored": Fault(CRITICAL, "F203"),
        "repeated_writes_are_harmless": Fault(HIGH, "F911"),
        "ids_are_used_once": Fault(HIGH, "F911"),
        "overlapping_reads_agree": Fault(HIGH, "F911"),
        "overlapping_updates_are_kept": Fault(HIGH, "F913"),
        "impossible_days_are_refused": Fault(MEDIUM, "F102"),
        "turned_periods_are_empty": Fault(MEDIUM, "F912"),
        "strangers_are_told_apart": Fault(HIGH, "F920"),
        "links_lead_somewhere": Fault(MEDIUM, "F911"),
        "taken_names_are_refused": Fault(HIGH, "F102"),
        "timestamps_are_now": Fault(MEDIUM, "F913"),
        # of schemathesis
        "negative_data_rejection": Fault(MEDIUM, "F102"),
        "positive_data_acceptance": Fault(HIGH, "F910"),
        "missing_required_header": Fault(MEDIUM, "F102"),
        "unsupported_method": Fault(LOW, "F210"),
        "allow_header_conformance": Fault(LOW, "F101"),
        "ignored_auth": Fault(CRITICAL, "F207"),
        "use_after_free": Fault(HIGH, "F103"),
        "ensure_resource_availability": Fault(HIGH, "F913"),
    }
)
JOURNEY: Final = Fault(HIGH, "F913")  # each of them writes and reads back


def fault_of(check: str, layer: str = "") -> Fault:
    """The severity and category of what a check, or a journey, finds."""
    return FAULTS.get(check, JOURNEY if layer == "journeys" else OWN)
