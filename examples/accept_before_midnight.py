"""Anna and Tom have offers that run out tonight. Anna accepts a minute before midnight, Tom is too late.

Prints:

    23:59 anna: 200 placed
    00:00 tom: 409 the offer expired on 2026-06-15
"""

from mockportal import Client


def main() -> None:
    """Accepts both offers."""
    with Client("pending-offer-expired-tonight") as portal:
        for who, alias, wait in (("anna", "an-2026-00431", "PT14H59M"), ("tom", "an-2026-00388", "PT1M")):
            portal.clock.advance(wait)
            offer = portal.record(f"order/{alias}")["_id"]
            answer = portal.as_(who).post(f"/v2/portal/order/{offer}/acceptance", json={"decision": "accept"})
            body = answer.json()
            told = body["data"]["status"] if answer.is_success else body["message"]
            print("23:59" if who == "anna" else "00:00", f"{who}: {answer.status_code} {told}")


if __name__ == "__main__":
    main()
