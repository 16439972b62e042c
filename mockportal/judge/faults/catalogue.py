"""The severities and the categories of faults.

The codes below 900 are those of the catalogue of Web Fuzzing Commons (WFC), numbered as in its version 0.6. It leaves
those from 900 on to tools, and the judge uses them for what the catalogue has no category for.
"""

from collections.abc import Mapping
from types import MappingProxyType

CRITICAL, HIGH, MEDIUM, LOW = "critical", "high", "medium", "low"
# The order in which reports show findings, with what each word means.
SEVERITIES: Mapping[str, str] = MappingProxyType(
    {
        CRITICAL: "somebody sees or changes what is not theirs, or learns a secret",
        HIGH: "a client that keeps to the contract breaks, or data are lost",
        MEDIUM: "an answer is not what the contract or another answer says",
        LOW: "a detail of HTTP or of a refusal, which most clients do not notice",
    }
)
CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "F100": "HTTP Status 500",
        "F101": "Received A Response From API With A Structure/Data That Is Not Matching Its Schema",
        "F102": "Received Success Response When Sending Wrong Data",
        "F103": "Resource Still Accessible After Being Deleted",
        "F104": "Failed Creation of Resource Has Side Effects on Backend",
        "F200": "SQL Injection (SQLi)",
        "F201": "Cross-Site Scripting (XSS)",
        "F202": "Server-Side Request Forgery (SSRF)",
        "F203": "Mass Assignment",
        "F204": "Leakage Information Existence of Protected Resource",
        "F205": "Wrongly Not Recognized as Authenticated",
        "F206": "Allowed To Modify Resource That Likely Should Had Been Protected",
        "F207": "A Protected Resource Is Accessible Without Providing Any Authentication",
        "F208": "Anonymous Modifications",
        "F209": "Leaked Stack Trace",
        "F210": "Hidden Accessible Endpoint",
        "F910": "Valid Request Refused",
        "F911": "Answers Contradict Each Other",
        "F912": "Parameter Not Honoured",
        "F913": "Write Not Kept",
        "F914": "Secret Disclosed",
        "F915": "Read With Side Effects",
        "F916": "Answer Missing Or Broken",
        "F917": "Refusal Not As Documented",
        "F918": "Redirect To A Foreign Host",
        "F919": "Data Missing Or Not Documented",
        "F920": "Protected Data Shown To Others",
        "F999": "Found By An Own Check",
    }
)
