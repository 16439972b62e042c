"""A browser in this process: it opens pages of the services, keeps their cookie, and reads where it is sent."""

import html
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

from mockportal.engine.call import Reply, Request
from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.values import Json

BASE = "http://127.0.0.1:8080"
FORM = {"content-type": "application/x-www-form-urlencoded"}
_INPUT = re.compile(r'<input[^>]*? name="([^"]*)"[^>]*?(?: value="([^"]*)")?>')


class Browser:
    """Talks to the services of one world as a browser or a program does."""

    def __init__(self, mock: Mock, world: World, base: str = BASE) -> None:
        self.mock = mock
        self.world = world
        self.base = base
        self.cookie = ""

    def get(self, url: str, **headers: str) -> Reply:
        """The answer to a link."""
        return self._sent(Request("GET", "", headers=headers), url)

    def post(self, url: str, fields: dict[str, str], **headers: str) -> Reply:
        """The answer to a form."""
        body = urlencode(fields).encode()
        return self._sent(Request("POST", "", headers={**FORM, **headers}, body=body), url)

    def _sent(self, request: Request, url: str) -> Reply:
        parts = urlsplit(url)
        headers = {**request.headers, **({"cookie": self.cookie} if self.cookie else {})}
        request = replace(request, path=parts.path, query=parts.query, headers=headers, base_url=self.base)
        service = parts.path.split("/")[2]
        reply = self.mock.engine.serve(service, request, self.world).reply
        if "Set-Cookie" in reply.headers:
            self.cookie = reply.headers["Set-Cookie"].partition(";")[0]
        return reply


def sent_to(reply: Reply) -> tuple[str, dict[str, str]]:
    """The address that a redirect leads to, and its parameters, of the query or of the fragment."""
    assert reply.status == 302, text_of(reply)
    url = urlsplit(reply.headers["Location"])
    fields = parse_qs(url.fragment or url.query, keep_blank_values=True)
    return f"{url.scheme}://{url.netloc}{url.path}", {name: one for name, (one,) in fields.items()}


def text_of(reply: Reply) -> str:
    """The text of a page."""
    return reply.body.decode() if isinstance(reply.body, bytes) else str(reply.body)


def fields_of(reply: Reply) -> dict[str, str]:
    """The fields of the form on a page, as they are filled in."""
    return {name: html.unescape(value) for name, value in _INPUT.findall(text_of(reply))}


def links_of(reply: Reply) -> list[str]:
    """The links on a page."""
    return [html.unescape(link) for link in re.findall(r'href="([^"]*)"', text_of(reply))]


def body_of(reply: Reply, status: int = 200) -> Json:
    """The body of an answer with this status."""
    assert reply.status == status, reply.body
    return reply.body
