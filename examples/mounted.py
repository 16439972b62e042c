"""An application of your own, with the mock mounted in it as its backend.

Prints:

    Hello Anna Berger
"""

import asyncio

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from mockportal import asgi_app


async def hello(request: Request) -> PlainTextResponse:
    """Greets the holder of the token by the name that the backend knows."""
    transport = httpx.ASGITransport(request.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost/backend") as backend:
        headers = {"Authorization": request.headers["authorization"]}
        user = (await backend.get("/v2/portal/user", headers=headers)).json()["data"]
    return PlainTextResponse(f"Hello {user['_title']}")


async def main() -> None:
    """Asks the application as Anna."""
    app = Starlette(routes=[Route("/hello", hello), Mount("/backend", app=asgi_app())])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as browser:
        print((await browser.get("/hello", headers={"Authorization": "Bearer dev-anna"})).text)


if __name__ == "__main__":
    asyncio.run(main())
