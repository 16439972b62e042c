"""The judge's own checks: rules that span requests, each a function over a `Context`."""

from collections.abc import Callable
from typing import NamedTuple

from mockportal.judge.checks.lists import combining, filtering, grouping, paging, sorting
from mockportal.judge.checks.sequence import (
    access,
    agreement,
    coherence,
    completeness,
    existence,
    outcomes,
    protocol,
    ranges,
    refusals,
    side_effects,
    strangers,
    timestamps,
    visibility,
)
from mockportal.judge.checks.tokens import bad_tokens, minting
from mockportal.judge.checks.variations import acceptance, links, negatives, periods, uniqueness
from mockportal.judge.checks.writes import assignment, keeping, kept_values, overlaps, repeats
from mockportal.judge.context import Context


class ActiveCheck(NamedTuple):
    """`writes` marks a check that needs more than GET; `populated` one that needs the data of the mock's scenario to be
    known to be there; `stated` one that goes by what the targets file says of its data. `lacks` tells why a check has
    nothing to look at, or ""."""

    run: Callable[[Context], None]
    writes: bool = False
    populated: bool = False
    stated: bool = False
    lacks: Callable[[Context], str] = lambda context: ""


CHECKS: dict[str, ActiveCheck] = {
    "success_is_reached": ActiveCheck(access.success_is_reached),
    "token_is_needed": ActiveCheck(access.token_is_needed),
    "bad_tokens_are_refused": ActiveCheck(bad_tokens.bad_tokens_are_refused, lacks=bad_tokens.no_bad_token),
    "token_in_query_is_refused": ActiveCheck(
        bad_tokens.token_in_query_is_refused, lacks=bad_tokens.no_good_token
    ),
    "wrong_scheme_is_refused": ActiveCheck(access.wrong_scheme_is_refused),
    "locked_out_stay_out": ActiveCheck(access.locked_out_stay_out, stated=True),
    "others_data_stay_hidden": ActiveCheck(visibility.others_data_stay_hidden),
    "others_data_stay_untouched": ActiveCheck(visibility.others_data_stay_untouched, writes=True),
    "existence_stays_hidden": ActiveCheck(existence.existence_stays_hidden, lacks=existence.no_others),
    "minted_tokens_differ": ActiveCheck(
        minting.minted_tokens_differ, writes=True, lacks=minting.nothing_minted
    ),
    "single_use_is_honoured": ActiveCheck(
        minting.single_use_is_honoured, writes=True, lacks=minting.nothing_used_up
    ),
    "ids_agree": ActiveCheck(coherence.ids_agree),
    "records_agree": ActiveCheck(agreement.records_agree),
    "versions_agree": ActiveCheck(coherence.versions_agree, populated=True),
    "refusals_are_as_documented": ActiveCheck(refusals.refusals_are_as_documented, writes=True, stated=True),
    "outcomes_are_as_known": ActiveCheck(outcomes.outcomes_are_as_known, stated=True),
    "wrong_methods_are_refused": ActiveCheck(protocol.wrong_methods_are_refused, writes=True),
    "wrong_media_type_is_refused": ActiveCheck(protocol.wrong_media_type_is_refused, writes=True),
    "refusals_change_nothing": ActiveCheck(side_effects.refusals_change_nothing, writes=True),
    "reads_are_steady": ActiveCheck(side_effects.reads_are_steady),
    "reads_change_nothing": ActiveCheck(side_effects.reads_change_nothing),
    "properties_are_seen": ActiveCheck(completeness.properties_are_seen, populated=True),
    "nothing_more_is_shown": ActiveCheck(completeness.nothing_more_is_shown, populated=True),
    "paging_is_honoured": ActiveCheck(paging.paging_is_honoured),
    "hits_agree": ActiveCheck(paging.hits_agree),
    "groups_are_whole": ActiveCheck(grouping.groups_are_whole),
    "order_is_as_documented": ActiveCheck(sorting.order_is_as_documented),
    "sort_is_honoured": ActiveCheck(sorting.sort_is_honoured),
    "filter_is_honoured": ActiveCheck(filtering.filter_is_honoured),
    "filters_combine": ActiveCheck(combining.filters_combine),
    "time_range_is_honoured": ActiveCheck(ranges.time_range_is_honoured),
    "interval_is_honoured": ActiveCheck(ranges.interval_is_honoured),
    "valid_query_is_accepted": ActiveCheck(acceptance.valid_query_is_accepted),
    "valid_body_is_accepted": ActiveCheck(acceptance.valid_body_is_accepted, writes=True),
    "wrong_input_is_refused": ActiveCheck(negatives.wrong_input_is_refused, writes=True),
    "written_values_are_kept": ActiveCheck(
        kept_values.written_values_are_kept, writes=True, lacks=keeping.nothing_written
    ),
    "foreign_attributes_are_ignored": ActiveCheck(
        assignment.foreign_attributes_are_ignored, writes=True, lacks=keeping.nothing_written
    ),
    "repeated_writes_are_harmless": ActiveCheck(
        repeats.repeated_writes_are_harmless, writes=True, lacks=repeats.no_repeating
    ),
    "ids_are_used_once": ActiveCheck(repeats.ids_are_used_once, writes=True, lacks=keeping.nothing_written),
    "overlapping_reads_agree": ActiveCheck(overlaps.overlapping_reads_agree),
    "overlapping_updates_are_kept": ActiveCheck(
        overlaps.overlapping_updates_are_kept, writes=True, lacks=keeping.nothing_written
    ),
    "impossible_days_are_refused": ActiveCheck(periods.impossible_days_are_refused),
    "turned_periods_are_empty": ActiveCheck(periods.turned_periods_are_empty),
    "strangers_are_told_apart": ActiveCheck(strangers.strangers_are_told_apart),
    "links_lead_somewhere": ActiveCheck(links.links_lead_somewhere, writes=True),
    "taken_names_are_refused": ActiveCheck(uniqueness.taken_names_are_refused, writes=True),
    "timestamps_are_now": ActiveCheck(timestamps.timestamps_are_now, writes=True),
}
