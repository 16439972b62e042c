"""CPU time of one sign-in by SRP in the server: the median over many, without the client and without HTTP.

`python benchmarks/sign_in.py [N]` plays N sign-ins in this process (default 50) and prints the median of the CPU time
that the mock takes for InitiateAuth and RespondToAuthChallenge together.
"""

import sys
from pathlib import Path
from statistics import median
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent))

from mockportal.engine.world import World
from mockportal.mock import Mock, Setup, load_mock_spec
from tests.support.pool_client import ANNA, PoolClient, SrpClient


def main(times: int) -> None:
    mock = Mock(Setup(), load_mock_spec(Setup()))
    pool, taken = PoolClient(mock, World("timed", mock.scenario(None))), []
    for number in range(times):
        client = SrpClient(2**255 + number)
        start = process_time()
        challenge = pool.begun("USER_SRP_AUTH", USERNAME=ANNA, SRP_A=f"{client.public:x}")
        begun = process_time() - start
        answers = client.answers(challenge)
        start = process_time()
        pool.answered("PASSWORD_VERIFIER", **answers)
        taken.append(begun + process_time() - start)
    found = f"{median(taken) * 1000:.1f} ms of CPU a sign-in"
    sys.stdout.write(f"{found} (median of {times}, the slowest {max(taken) * 1000:.1f} ms)\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
