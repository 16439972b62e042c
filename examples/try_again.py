"""A client that tries again. The scenario lets the first answer fail, and tells in a header when to come back.

Prints:

    429, again after 1 s
    200, 1 of 36 events
"""

from mockportal import Client


def main() -> None:
    """Asks until there is an answer; no time is spent, since the clock is the world's."""
    with Client("flaky-backend") as portal:
        anna = portal.as_("anna")
        answer = anna.get("/v2/portal/billing/events", params={"size": 1})
        while not answer.is_success:
            seconds = answer.headers["retry-after"]
            print(f"{answer.status_code}, again after {seconds} s")
            portal.clock.advance(f"{seconds}s")
            answer = anna.get("/v2/portal/billing/events", params={"size": 1})
        body = answer.json()
        print(f"{answer.status_code}, {len(body['results'])} of {body['hits']} events")


if __name__ == "__main__":
    main()
