import pytest

from mockportal.files.pointers import pointer_to, resolve

DOCUMENT = {"a/b": [1, {"c": "text"}]}


def test_value_is_found_at_its_pointer() -> None:
    assert resolve(DOCUMENT, pointer_to("a/b", 1, "c")) == "text"


@pytest.mark.parametrize(
    "at", ["/x", "/a~1b/2", "/a~1b/-1", "/a~1b/01", "/a~1b/x", "/a~1b/²", "/a~1b/0/x", "/a~1b/1/c/0"]
)
def test_pointer_that_leads_nowhere_is_a_lookup_error(at: str) -> None:
    with pytest.raises(LookupError):
        resolve(DOCUMENT, at)
