"""The progress of a run: where it is, how far, and how long still."""

from mockportal.judge.progress import Course, in_lines


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_lines_tell_what_is_done_how_far_and_how_long_still() -> None:
    watch, lines = Watch(), list[str]()
    say = in_lines(Course({"checks": 10, "journeys": 0, "coverage": 100}, watch), lines.append)

    say("probing", "")
    say("checks", "first")
    watch.now += 10
    say("checks", "second")
    watch.now += 10
    say("checks", "third")
    watch.now += 5
    say("coverage", "")
    watch.now += 20
    for number in range(51):
        say("coverage", f"operation {number}")

    assert lines == [
        "checks …",
        "checks 3 of 10: third, 10%, about 3 min left",
        "coverage …",
        "coverage 2 of 100: operation 0, 50%, about 44 s left",
    ]
