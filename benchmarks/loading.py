"""Times of loading a scenario of 100,000 records from a folder of ten files, in JSON and in YAML.

`python benchmarks/loading.py` prints the seconds of CPU for each, and what one record takes. The shipped scenario,
which it extends, and the behaviours are loaded before. As in `serve`, garbage is not collected meanwhile.
"""

import gc
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent))

from mockportal.mock import Mock, Setup, load_mock_spec
from mockportal.values import Record

FILES, RECORDS = 10, 10_000


def main() -> None:
    gc.disable()
    spec = load_mock_spec(Setup())
    Mock(Setup(), spec)
    for ending in ("json", "yaml"):
        with TemporaryDirectory() as name:
            write(Path(name), ending)
            began = process_time()
            mock = Mock(Setup(scenario="large", scenarios=Path(name)), spec)
            seconds = process_time() - began
            count = len(mock.world().draft().collection("contact"))
            sys.stdout.write(
                f"{count} contacts in {ending}: {seconds:.2f} s, {seconds / count * 1e6:.0f} us a record\n"
            )


def write(folder: Path, ending: str) -> None:
    """Writes the scenario `large`."""
    (folder / "large.yaml").write_text("about: Many contacts.\nextends: [default, contacts/]\n")
    (folder / "contacts").mkdir()
    for number in range(FILES):
        records = {f"c-{n}": contact(n) for n in range(number * RECORDS, (number + 1) * RECORDS)}
        (folder / "contacts" / f"{number:02}.{ending}").write_text(text_of(records, ending))


def contact(n: int) -> Record:
    """A contact as a customer system exports it."""
    address = {
        "street": "Hauptstraße",
        "street_number": str(n % 200),
        "postal_code": "50667",
        "city": "Musterau",
    }
    return {
        "first_name": "Kim",
        "last_name": f"Muster {n}",
        "customer_number": f"K-{n:07}",
        "email": [{"email": f"kim.{n}@example.org"}],
        "address": [address],
        "_created_at": "2024-01-01T00:00:00Z",
    }


def text_of(records: Record, ending: str) -> str:
    """The text of a scenario file with these contacts."""
    if ending == "json":
        return json.dumps({"entities": {"contact": records}})
    lines = (f"    {alias}: {json.dumps(record)}\n" for alias, record in records.items())
    return "entities:\n  contact:\n" + "".join(lines)


main()
