"""What docs/frontend.md shows and says, with the packages that it names."""

import re
from pathlib import Path

import pytest

from tests.clients.test_customer_portal import played
from tests.test_cli import served

PAGE = Path(__file__).parent.parent.parent / "docs" / "frontend.md"
ADDRESS = "http://127.0.0.1:8080"
GAS = "f0b0bdae-d6ca-5f6f-a03b-de21d79915c5"
POWER = "432ae6c7-ce16-5b6a-bc4f-9ea81ff97236"

SIGN_IN = """
import { signIn } from "aws-amplify/auth";
await signIn({ username: "anna.berger@example.org", password: "Musterau!2026" });
export default (await client.getPortalUser()).data.data.email;
"""
ASK = """
const asked = async (context_entities?: object[]) => {
  const query = { extensionId: "energy-data", from: "2026-05-01T00:00:00Z", to: "2026-06-01T00:00:00Z", interval: "P1M", context_entities };
  const { data, response } = await api.GET("/v2/portal/consumption", {
    params: { query },
    headers: { authorization: "Bearer dev-anna" },
  });
  return [response.status, response.headers.get("x-mockportal-ignored"), JSON.stringify(data)];
};
const context = (entity_id: string) => [{ entity_schema: "meter", entity_id }];
const [gas, power, none] = [await asked(context("%s")), await asked(context("%s")), await asked()];
export default { gas: gas.slice(0, 2), none: none.slice(0, 2), differ: gas[2] !== power[2], power: power[2] === none[2] };
"""


def snippet(package: str, url: str) -> str:
    """The TypeScript on the page that imports a package, pointed at a mock."""
    blocks = re.findall(r"^```ts\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    (found,) = (block for block in blocks if f'from "{package}"' in block)
    return str(found).replace(ADDRESS, url)


def test_typescript_on_the_page_runs(node_folder: Path, tmp_path: Path) -> None:
    with served(tmp_path, "--clock", "now", "--no-shift") as (url, _):
        given = {
            "amplify": [snippet("aws-amplify", url), SIGN_IN],
            "openapi_fetch": [snippet("openapi-fetch", url), ASK % (GAS, POWER)],
        }
        seen = played("frontend_page.mjs", url, node_folder, given)

    assert seen == {
        "amplify": "anna.berger@example.org",
        "openapi_fetch": {"gas": [200, None], "none": [200, None], "differ": True, "power": True},
    }


@pytest.mark.parametrize(
    "clock", ["2001-03-01T12:00:00Z", "2026-06-15T09:00:00+02:00", "2049-03-01T12:00:00Z"]
)
def test_amplify_works_in_any_year(node_folder: Path, tmp_path: Path, clock: str) -> None:
    with served(tmp_path, "--clock", clock) as (url, _):
        seen = played("clocks_amplify.mjs", url, node_folder)

    assert seen == {
        "signedIn": 200,
        "kept": True,
        "refreshed": True,
        "afterHourOfMachine": 200,
        "keptAgain": True,
        "expired": 401,
        "forced": 200,
        "keptAfterForce": True,
    }
