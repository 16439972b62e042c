"""HTTP Archives, HAR 1.2: files that browsers and proxies can show."""

from mockportal.http_archive.writing import NO_RESPONSE, archive, headers_of, request_of, response_of

__all__ = ["NO_RESPONSE", "archive", "headers_of", "request_of", "response_of"]
