# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verification of AWS Signature Version 4, implemented from AWS's public description of the algorithm.

Independent of client libraries and of the collection: it imports neither and signs nothing for callers.
Source: AWS General Reference, "Create a signed AWS API request".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import quote, unquote_plus

from .messages import Request

ALGORITHM = "AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"
SKEW = timedelta(minutes=5)
STAMP = "%Y%m%dT%H%M%SZ"
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
INVALID_TOKEN = "The security token included in the request is invalid."
EXPIRED_TOKEN = "The security token included in the request is expired"


class SignatureError(Exception):
    """A request that AWS would reject; ``code`` is the error code of the query protocol."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Credentials:
    """The state of an access key at the time of the request."""

    secret_key: str
    session_token: str | None = None
    expired: bool = False


@dataclass(frozen=True)
class Claim:
    """The signature parameters of a request."""

    access_key: str
    date: str
    region: str
    service: str
    terminator: str
    signed_headers: tuple[str, ...]
    signature: str
    stamp: str
    token: str | None
    presigned: bool = False
    lifetime: timedelta = timedelta(0)

    @property
    def scope(self) -> str:
        """The credential scope without the access key."""
        return f"{self.date}/{self.region}/{self.service}/{self.terminator}"


Lookup = Callable[[str], Credentials | None]


def verify(request: Request, lookup: Lookup, now: datetime, service: str, region: str | None = None) -> Claim:
    """Check the signature of a request.

    :param lookup: returns the credentials of an access key id, or None if it is unknown or not active.
    :param region: required region of the scope; None accepts every region.
    :raises SignatureError: with AWS's code and message.
    """
    claim = read_claim(request)
    credentials = lookup(claim.access_key)
    if credentials is None or not same_text(claim.token or "", credentials.session_token or ""):
        raise SignatureError("InvalidClientTokenId", INVALID_TOKEN)
    if credentials.expired:
        raise SignatureError("ExpiredToken", EXPIRED_TOKEN)
    _check_scope(claim, service, region)
    _check_coverage(request, claim)
    calculated = _signature(credentials.secret_key, claim, string_to_sign(request, claim))
    if not same_text(calculated, claim.signature) or not _body_hash_is_true(request):
        raise SignatureError("SignatureDoesNotMatch", MISMATCH)
    _check_time(claim, now)
    return claim


def read_claim(request: Request) -> Claim:
    """Parse the signature from the Authorization header or, if that is missing, from the query string.

    :raises SignatureError: MissingAuthenticationToken or IncompleteSignature.
    """
    header = request.headers.get("Authorization")
    if header is not None:
        return _claim_from_header(request, header)
    query = dict(request.query_items())
    if "X-Amz-Signature" in query or "X-Amz-Algorithm" in query:
        return _claim_from_query(query)
    raise SignatureError("MissingAuthenticationToken", "Request is missing Authentication Token")


def canonical_request(request: Request, claim: Claim) -> str:
    """The canonical request, as AWS defines it for every service except S3."""
    lines = [
        request.method,
        canonical_path(request.path),
        canonical_query(request.query, without_signature=claim.presigned),
        *(f"{name}:{_header_value(request, name)}" for name in claim.signed_headers),
        "",
        ";".join(claim.signed_headers),
        hashlib.sha256(request.body).hexdigest(),
    ]
    return "\n".join(lines)


def string_to_sign(request: Request, claim: Claim) -> str:
    """The string whose HMAC is the signature."""
    digest = hashlib.sha256(canonical_request(request, claim).encode()).hexdigest()
    return "\n".join([ALGORITHM, claim.stamp, claim.scope, digest])


def canonical_path(path: str) -> str:
    """Normalize a raw path and encode it once more."""
    if not path.startswith("/"):
        path = "/" + path
    normal = posixpath.normpath("/" + path.lstrip("/"))
    if normal != "/" and path.endswith(("/", "/.", "/..")):
        normal += "/"
    return quote(normal, safe="/-_.~")


def canonical_query(query: str, without_signature: bool = False) -> str:
    """Sort and encode a raw query string; empty values keep the equals sign."""
    pairs = []
    for item in filter(None, query.split("&")):
        name, _equals, value = item.partition("=")
        pairs.append((_encode(unquote_plus(name)), _encode(unquote_plus(value))))
    if without_signature:
        pairs = [pair for pair in pairs if pair[0] != "X-Amz-Signature"]
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


@lru_cache(maxsize=1024)
def signing_key(secret_key: str, date: str, region: str, service: str) -> bytes:
    """The key derived for one day, region and service."""
    key = f"AWS4{secret_key}".encode()
    for part in (date, region, service, TERMINATOR):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _signature(secret_key: str, claim: Claim, to_sign: str) -> str:
    key = signing_key(secret_key, claim.date, claim.region, claim.service)
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")


def _header_value(request: Request, name: str) -> str:
    return ",".join(" ".join(value.split()) for value in request.headers.get_all(name))


def _claim_from_header(request: Request, header: str) -> Claim:
    algorithm, _space, rest = header.partition(" ")
    if algorithm != ALGORITHM:
        raise SignatureError(
            "IncompleteSignature",
            "Invalid key=value pair (missing equal-sign) in Authorization header "
            f"(hashed with SHA-256 and encoded with Base64): '{_digest(header)}'.",
        )
    fields = dict(part.strip().partition("=")[::2] for part in rest.split(",") if "=" in part)
    problems = [
        f"Authorization header requires '{name}' parameter."
        for name in ("Credential", "Signature", "SignedHeaders")
        if not fields.get(name)
    ]
    stamp = _stamp(request)
    if stamp is None:
        problems.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if problems:
        problems.append(f"(Hashed with SHA-256 and encoded with Base64) Authorization={_digest(header)}")
        raise SignatureError("IncompleteSignature", " ".join(problems))
    return _claim(fields, stamp or "", request.headers.get("X-Amz-Security-Token"))


def _digest(header: str) -> str:
    return base64.b64encode(hashlib.sha256(header.encode()).digest()).decode()


def _claim_from_query(query: dict[str, str]) -> Claim:
    fields = {name: query.get(f"X-Amz-{name}", "") for name in ("Credential", "Signature", "SignedHeaders")}
    problems = [
        f"AWS query-string parameters must include 'X-Amz-{name}'."
        for name in ("Algorithm", "Credential", "Date", "Expires", "Signature", "SignedHeaders")
        if not query.get(f"X-Amz-{name}")
    ]
    if problems or query["X-Amz-Algorithm"] != ALGORITHM or not query["X-Amz-Expires"].isdecimal():
        message = " ".join(problems) or "Unsupported AWS 'algorithm' or 'X-Amz-Expires'."
        raise SignatureError("IncompleteSignature", message)
    lifetime = timedelta(seconds=min(int(query["X-Amz-Expires"]), 7 * 24 * 3600))
    return _claim(fields, query["X-Amz-Date"], query.get("X-Amz-Security-Token"), presigned=True, lifetime=lifetime)


def _claim(
    fields: dict[str, str], stamp: str, token: str | None, presigned: bool = False, lifetime: timedelta = timedelta(0)
) -> Claim:
    parts = fields["Credential"].split("/")
    if len(parts) != 5:
        raise SignatureError(
            "IncompleteSignature",
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
        )
    if _moment(stamp) is None:
        raise SignatureError(
            "IncompleteSignature",
            "Date must be in ISO-8601 'basic format'. See http://en.wikipedia.org/wiki/ISO_8601",
        )
    headers = tuple(fields["SignedHeaders"].lower().split(";"))
    key, date, region, service, terminator = parts
    signature = fields["Signature"]
    return Claim(key, date, region, service, terminator, headers, signature, stamp, token, presigned, lifetime)


def _stamp(request: Request) -> str | None:
    return request.headers.get("X-Amz-Date") or request.headers.get("Date")


@lru_cache(maxsize=256)
def _moment(stamp: str) -> datetime | None:
    if not re.fullmatch(r"\d{8}T\d{6}Z", stamp):
        return None
    try:
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def same_text(left: str, right: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def _check_scope(claim: Claim, service: str, region: str | None) -> None:
    problems = []
    if claim.terminator != TERMINATOR:
        problems.append(f"Credential should be scoped with a valid terminator: '{TERMINATOR}'. ")
    if region is not None and claim.region != region:
        problems.append("Credential should be scoped to a valid region. ")
    if claim.service != service:
        problems.append(f"Credential should be scoped to correct service: '{service}'. ")
    if claim.date != claim.stamp[:8]:
        problems.append(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{claim.date[:8]}' != '{claim.stamp[:8]}', from '{claim.stamp}'. "
        )
    if problems:
        raise SignatureError("SignatureDoesNotMatch", "".join(problems))


def _check_coverage(request: Request, claim: Claim) -> None:
    if "host" not in claim.signed_headers:
        raise SignatureError(
            "SignatureDoesNotMatch", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
        )
    if list(claim.signed_headers) != sorted(claim.signed_headers):
        raise SignatureError("SignatureDoesNotMatch", MISMATCH)
    date_header = "x-amz-date" if request.headers.get("X-Amz-Date") is not None else "date"
    if not claim.presigned and date_header not in claim.signed_headers:
        raise SignatureError(
            "SignatureDoesNotMatch", f"'{date_header}' must be a 'SignedHeader' in the AWS Authorization."
        )


def _body_hash_is_true(request: Request) -> bool:
    declared = request.headers.get("X-Amz-Content-Sha256")
    return declared is None or declared == hashlib.sha256(request.body).hexdigest()


def _check_time(claim: Claim, now: datetime) -> None:
    signed = _moment(claim.stamp) or now
    if signed > now + SKEW:
        current, latest = now.strftime(STAMP), (now + SKEW).strftime(STAMP)
        message = f"Signature not yet current: {claim.stamp} is still later than {latest} ({current} + 5 min.)"
        raise SignatureError("SignatureDoesNotMatch", message)
    earliest = now - max(SKEW, claim.lifetime)
    if signed < earliest:
        minutes = int(max(SKEW, claim.lifetime).total_seconds() // 60)
        current, oldest = now.strftime(STAMP), earliest.strftime(STAMP)
        message = f"Signature expired: {claim.stamp} is now earlier than {oldest} ({current} - {minutes} min.)"
        raise SignatureError("SignatureDoesNotMatch", message)
