"""A program that knows only a URL, as a browser or a program in another language does; and what it did.

Prints:

    contracts: 2
    getAllContracts 200 as anna
"""

from urllib.request import Request, urlopen

from mockportal import serve
from mockportal.values import decode


def contracts(base_url: str, token: str) -> int:
    """The program under test: it counts the contracts of the holder of a token."""
    request = Request(f"{base_url}/v2/portal/contract", headers={"Authorization": f"Bearer {token}"})
    with urlopen(request) as answer:
        return len(decode(answer.read())["data"])


def main() -> None:
    """Serves a world at a port, and looks into its journal afterwards."""
    with serve() as server, server.world("any-client") as portal:
        print("contracts:", contracts(portal.url, portal.token("anna")))
        for entry in portal.journal.entries():
            print(entry["operation"], entry["status"], "as", entry["as"])


if __name__ == "__main__":
    main()
