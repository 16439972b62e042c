"""One cause, one finding: what follows from a fault that was found already is put below it.

Three things tell that a finding follows from another. It rests on an answer that is wrong by itself; it rests on an
answer of an operation that is outnumbered by all others that tell of the same thing; or it is shown by the same answer
of the same operation, or by the same check of that operation, at another place.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from mockportal.judge.model import Finding, Interaction

_OUTNUMBERED = "records_agree"
Wrongs = Callable[[Interaction], Sequence[str]]  # the ids of the findings that an answer gives by itself


def with_causes(findings: Iterable[Finding], wrongs: Wrongs) -> list[Finding]:
    """The findings, in the order in which they were booked; those with a common cause have the id of the one that
    stands for all as their `cause`."""
    booked = sorted(findings, key=_rank)
    known = {finding.id for finding in booked}
    outnumbered = {finding.operation: finding.id for finding in booked if finding.check == _OUTNUMBERED}
    shown: dict[tuple[object, ...], str] = {}
    roots: dict[str, str] = {}
    for finding in booked:
        root = _cause(finding, known, outnumbered, wrongs) or next(
            (shown[sign] for sign in _signs(finding) if sign in shown), finding.id
        )
        roots[finding.id] = roots.get(root, root)
        for sign in _signs(finding):
            shown.setdefault(sign, roots[finding.id])
    several = {root for id, root in roots.items() if id != root}
    return [
        replace(finding, cause=roots[finding.id]) if roots[finding.id] in several else finding
        for finding in booked
    ]


def _rank(finding: Finding) -> int:
    """Answers speak for themselves; after them comes the operation that is outnumbered."""
    return 0 if finding.layer == "answers" else 1 if finding.check == _OUTNUMBERED else 2


def _cause(finding: Finding, known: set[str], outnumbered: dict[str, str], wrongs: Wrongs) -> str:
    """The finding that this one follows from by the answers that it rests on, or "". An operation's own answers come
    first; the witnesses of one that is outnumbered do not count."""
    own = [one for one in finding.exchanges if one.sent.operation == finding.operation]
    others = [one for one in finding.exchanges if one.sent.operation != finding.operation]
    found = [id for one in reversed(own) for id in wrongs(one) if id in known]
    if not found and finding.layer != "answers" and finding.check != _OUTNUMBERED:
        found = [outnumbered[finding.operation]] if finding.operation in outnumbered else []
        found += [outnumbered[one.sent.operation] for one in others if one.sent.operation in outnumbered]
        found += [id for one in reversed(others) for id in wrongs(one) if id in known]
    return found[0] if found else ""


def _signs(finding: Finding) -> list[tuple[object, ...]]:
    """The traits that two findings with one cause share: the check and the operation, or the answer that shows them."""
    received = finding.exchanges[-1].received if finding.exchanges else None
    signs: list[tuple[object, ...]] = [(finding.operation, finding.check)]
    if received is not None and finding.exchanges[-1].sent.operation == finding.operation:
        signs.append((finding.operation, received.status, received.body))
    return signs
