# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS Signature Version 4 for C(requests), by botocore's own signer.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    from botocore.auth import SigV4Auth as BotocoreSigner
    from botocore.awsrequest import AWSRequest
except ImportError:  # AnsibleAWSModule reports the missing SDK before anything is signed
    pass

if TYPE_CHECKING:
    from requests import PreparedRequest

    from ._aws import Credentials

SERVICE = "execute-api"


class SigV4Auth:
    """Signs each request of C(requests) when it is prepared, so that a repeated request gets a fresh date.

    Signed are the method, path, query, body, host, date and session token: what proxies leave alone, and what the vendor's own tool signs.

    :param credentials: the keys to sign with.
    :param region: the region of the host. Another one is answered with a signature mismatch.
    :param service: the service in the credential scope; C(execute-api) is that of AWS API Gateway.
    """

    def __init__(self, credentials: Credentials, region: str, service: str = SERVICE) -> None:
        self._signer = BotocoreSigner(credentials, service, region)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        signed = AWSRequest(method=request.method, url=request.url, data=request.body or b"")
        self._signer.add_auth(signed)
        request.headers.update(signed.headers.items())
        return request
