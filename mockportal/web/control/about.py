"""The server itself: that it is alive, the contract as compiled, and the scenarios that it can serve."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.state.scenario_files import scenario_list
from mockportal.web.control.input import as_json, clock_json, mock_of


async def health(request: Request) -> Response:
    """Tells that the server is alive, and what a new world begins with."""
    mock = mock_of(request)
    served = mock.worlds.default()
    return as_json(
        {
            "status": "ok",
            "scenario": mock.setup.scenario,
            "seed": served.seed,
            "clock": clock_json(served.clock),
            "operations": len(mock.spec.operations),
            "spec_sha256": mock.spec.sha256,
            **({"problem": mock.problem} if mock.problem else {}),
        }
    )


async def spec(request: Request) -> Response:
    """The contract as compiled: the document with the overlay applied."""
    return as_json(mock_of(request).spec.document)


async def scenarios(request: Request) -> Response:
    """`{"scenarios": [{name, about}]}`; one whose file cannot be read has a `problem`."""
    return as_json({"scenarios": scenario_list(mock_of(request).setup.folders())})


ROUTES = (
    Route("/health", health, methods=["GET"]),
    Route("/spec.json", spec, methods=["GET"]),
    Route("/scenarios", scenarios, methods=["GET"]),
)
