"""Examples of the command line, which its help teaches by."""

from collections.abc import Mapping
from types import MappingProxyType

# the wish -> the line that fulfils it
FIRST: Mapping[str, str] = MappingProxyType(
    {
        "Run the mock, and run it in a situation:": "mockportal serve overdue-invoice --watch",
        "Write a situation of your own, and run it:": "mockportal new mine && mockportal serve mine",
        "Get a token for somebody:": "mockportal token anna",
        "Play what scenarios expect:": "mockportal verify",
        "Judge a deployment, reading only:": "mockportal contract --target https://portal.staging.example",
        "Read the manual, without a network:": "mockportal docs",
    }
)
OF_COMMAND: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "serve": {
            "With all dates moved to today, for a frontend on another port:": (
                "mockportal serve --clock now --frontend http://localhost:5173"
            ),
            "At a free port, with a line for each request:": "mockportal serve mine --port 0 --log text",
        },
        "check": {
            "Problems only, as annotations of a workflow:": "mockportal check scenarios --quiet --format github",
            "The JSON Schema for an editor:": "mockportal check --schema",
        },
        "verify": {"As JUnit XML for CI:": "mockportal verify overdue-invoice mine --junit verify.xml"},
        "export": {
            "Only what the last answer depends on, as a file:": (
                "mockportal export --world demo --minimize --out scenarios/bug.yaml"
            ),
        },
        "replay": {
            "At a deployment, with a token of its own:": (
                "mockportal replay bug.yaml --target https://portal.staging.example --token 'dev-anna=$ANNA_TOKEN'"
            ),
        },
        "new": {"A situation that begins like another one:": "mockportal new mine --extends overdue-invoice"},
        "token": {
            "An administrator, for five minutes:": "mockportal token admin --kind admin --expires-in 300",
            "Minted by a running mock, in one of its worlds:": (
                "mockportal token anna --url http://127.0.0.1:8080/@blue"
            ),
        },
        "import": {
            "The steps of a session in a browser:": "mockportal import session.har -o scenarios/session.yaml"
        },
        "record": {
            "A deployment, while a client uses the proxy at port 8081:": (
                "mockportal record --upstream https://portal.staging.example -o scenarios/seen.yaml"
            ),
        },
        "contract": {
            "The mock itself, quickly:": "mockportal contract --phases checks,journeys",
            "A deployment, with reports for CI:": (
                "mockportal contract --target https://portal.staging.example --report contract-report"
            ),
            "A finding again:": "mockportal contract --replay ID",
        },
        "drift": {
            "The mock against a deployment:": "mockportal drift mock https://portal.staging.example",
        },
        "spec": {"For another tool:": "mockportal spec --api 2026-11"},
        "operations": {"As a page:": "mockportal operations --format markdown"},
        "mcp": {"For an agent that starts its servers itself:": "mockportal mcp overdue-invoice"},
        "docs": {
            "The part on rules, in a browser:": "mockportal docs rules",
            "A page for a program, or for a terminal:": "mockportal docs scenarios --print",
            "A skill for an agent:": "mockportal docs --skill >.claude/skills/mockportal/SKILL.md",
        },
        "completion": {
            "For bash, from the next shell on:": (
                "mockportal completion bash >~/.local/share/bash-completion/completions/mockportal"
            )
        },
    }
)


def told(examples: Mapping[str, str]) -> str:
    """The examples as the end of a help text; nothing without any."""
    lines = [f"  {wanted}\n    {line}" for wanted, line in examples.items()]
    return "examples:\n" + "\n".join(lines) if lines else ""
