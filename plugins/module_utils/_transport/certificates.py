# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CA certificates that verify a server.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidInput


def ca_bundle(params: Mapping[str, Any], product: str, environment: Mapping[str, str] | None = None) -> bool | str:
    """The CA bundle for a product's servers: a path, True for the system's default, False disables verification.

    The CA bundle for AWS is the fallback, because a proxy that intercepts TLS does so for both.

    :param product: C(ngfw) or C(scm), the prefix of the options.
    :raises InvalidInput: the file does not exist.
    """
    if not params[f"{product}_validate_certs"]:
        return False
    variables = os.environ if environment is None else environment
    named = {name: params.get(name) for name in (f"{product}_ca_bundle", "aws_ca_bundle")}
    if not any(named.values()):
        named = {name: variables.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")}
    for name, path in named.items():
        if path and not os.path.exists(path):
            raise InvalidInput(name, f"names a file that does not exist: {path}")
    return next(filter(None, named.values()), True)
