"""Which mutants may share one run: those that touch no operation in common."""

from collections.abc import Sequence

from contracts.mutants.model import Mutant


def groups(mutants: Sequence[Mutant], size: int) -> list[list[Mutant]]:
    """Groups of at most `size`, in each of which no operation is touched twice; together all of `mutants`.

    The same for the same mutants. First come those with the most rivals, each into the fullest group that takes it,
    so the groups are few.
    """
    found: list[list[Mutant]] = []
    for mutant in sorted(mutants, key=lambda one: (-_rivals(one, mutants), one.id)):
        fitting = [group for group in found if len(group) < size and not _meets(mutant, group)]
        if fitting:
            max(fitting, key=len).append(mutant)
        else:
            found.append([mutant])
    return found


def _rivals(mutant: Mutant, mutants: Sequence[Mutant]) -> int:
    return sum(1 for other in mutants if _meets(mutant, [other]))


def _meets(mutant: Mutant, group: Sequence[Mutant]) -> bool:
    return any(set(mutant.operations) & set(other.operations) for other in group)
