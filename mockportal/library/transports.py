"""The ways of httpx into an application on a thread of its own, without a socket."""

import asyncio

import anyio.to_thread
import httpx

from mockportal.library.loop_thread import LoopThread


class InProcess(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers requests of any thread and of any event loop, in one thread.

    A rule that cuts the connection raises `httpx.RemoteProtocolError`, as over a socket, and a read timeout counts.
    """

    def __init__(self, app: httpx.ASGITransport, thread: LoopThread) -> None:
        self._app = app
        self._thread = thread

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The whole answer."""
        request.read()
        return self._thread.run(self._answer(request))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same for asyncio and trio, whose loop goes on meanwhile."""
        await request.aread()
        return await anyio.to_thread.run_sync(self._thread.run, self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        seconds = request.extensions.get("timeout", {}).get("read")
        try:
            answer = await asyncio.wait_for(self._app.handle_async_request(request), seconds)
        except TimeoutError:
            raise httpx.ReadTimeout(f"no answer in {seconds} seconds", request=request) from None
        content = await answer.aread()
        expected = int(answer.headers.get("content-length", len(content)))
        if len(content) < expected and request.method != "HEAD":
            problem = "peer closed connection without sending complete message body"
            told = f"{problem} (received {len(content)} bytes, expected {expected})"
            raise httpx.RemoteProtocolError(told, request=request)
        stream = httpx.ByteStream(content)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=stream)
