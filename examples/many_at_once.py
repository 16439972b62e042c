"""Requests of several people at once, in one world.

Prints:

    anna: 2 contracts
    mehmet: 2 contracts
    tom: 1 contracts
"""

import asyncio

from mockportal import Client


async def contracts(portal: Client, who: str) -> int:
    """The number of contracts that somebody sees."""
    async with portal.async_as(who) as client:
        return len((await client.get("/v2/portal/contract")).json()["data"])


async def main() -> None:
    """Asks as three people at the same time."""
    people = ("anna", "mehmet", "tom")
    with Client() as portal:
        counted = await asyncio.gather(*(contracts(portal, who) for who in people))
    for who, count in zip(people, counted, strict=True):
        print(f"{who}: {count} contracts")


if __name__ == "__main__":
    asyncio.run(main())
