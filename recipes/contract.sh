#!/usr/bin/env bash
# Judges a deployment and leaves the reports in a folder; for any CI that runs a shell. All settings are variables:
#
#   TARGET              its address; empty: the mock itself
#   PHASES              stages to run; empty: all
#   TARGETS_FILE        valid ids, tokens and bodies of the deployment
#   DEVIATIONS_FILE     its known disagreements
#   MAX_TIME            seconds after which the run ends; empty: no limit
#   REPORT              the folder for the reports (contract-report)
#   SUMMARY             a file to which the summary is appended, such as $GITHUB_STEP_SUMMARY
#   FORMAT              text, json or github
#   PACKAGE             what pip installs if there is no mockportal (mockportal[contract])
#   MOCKPORTAL_TOKEN_…  the tokens, by security scheme: MOCKPORTAL_TOKEN_PORTALAUTH and so on
#
# Exit code: 0 the deployment keeps the contract, 1 it does not, 2 it could not be judged, 130 and 143 interrupted.
set -euo pipefail

report=${REPORT:-contract-report}
if ! command -v mockportal >/dev/null; then
    python3 -m venv .contract-venv
    .contract-venv/bin/pip install --quiet "${PACKAGE:-mockportal[contract]}"
    PATH=$PWD/.contract-venv/bin:$PATH
fi

line=(mockportal contract --report "$report" --format "${FORMAT:-text}")
[ -z "${TARGET:-}" ] || line+=(--target "$TARGET")
[ -z "${PHASES:-}" ] || line+=(--phases "$PHASES")
[ -z "${TARGETS_FILE:-}" ] || line+=(--targets "$TARGETS_FILE")
[ -z "${MAX_TIME:-}" ] || line+=(--max-time "$MAX_TIME")
[ -z "${DEVIATIONS_FILE:-}" ] || line+=(--deviations "$DEVIATIONS_FILE")

code=0
"${line[@]}" || code=$?
if [ -n "${SUMMARY:-}" ] && [ -f "$report/summary.md" ]; then
    cat "$report/summary.md" >>"$SUMMARY"
fi
exit "$code"
