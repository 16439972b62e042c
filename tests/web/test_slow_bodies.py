"""A body that takes too long is refused, by the API and by the control API, and nothing of it is carried out."""

import pytest

from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from tests.support.limits import limited
from tests.support.listening import all_of, connected, listening

HEAD = b"Host: localhost\r\nAuthorization: Bearer dev-anna\r\nContent-Type: application/json\r\nConnection: close\r\n"


@pytest.mark.parametrize("length", [b"Content-Length: 1000", b"Transfer-Encoding: chunked"])
def test_slow_body_is_refused_and_changes_nothing(spec: Spec, length: bytes) -> None:
    mock = Mock(Setup(), spec)
    before = mock.world().state
    targets = (b"/v2/portal/user", b"/__mockportal/worlds/main/state/portal_user/anna")

    with limited(body_seconds=0.1), listening(create_app(mock)) as port:
        asked = [
            connected(port, b"PATCH %b HTTP/1.1\r\n%b%b\r\n\r\n" % (one, HEAD, length), b'2\r\n{"\r\n')
            for one in targets
        ]
        answers = [all_of(one) for one in asked]

    for answer in answers:
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert answer.endswith(b'{"message":"the body took longer than 0.1 s (limit body_seconds)"}')
    assert mock.world().state is before
