# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate authority created at start, and a server certificate signed by it."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Iterable
from pathlib import Path

import trustme


class Authority:
    """A CA in memory; the server's key is on disk only while OpenSSL reads it.

    :param names: host names and addresses that the server certificate is valid for.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._authority = trustme.CA(organization_name="panw.cloud simulator")
        self._certificate = self._authority.issue_cert(*dict.fromkeys(names), organization_name="panw.cloud simulator")

    @property
    def ca_pem(self) -> bytes:
        """The CA certificate that clients must trust."""
        return self._authority.cert_pem.bytes()

    def server_context(self, directory: Path) -> ssl.SSLContext:
        """A TLS context for the servers. The key is written to a temporary file of mode 0600, removed before this returns."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        descriptor, name = tempfile.mkstemp(dir=directory, prefix=".key-")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(self._certificate.private_key_and_cert_chain_pem.bytes())
            context.load_cert_chain(name)
        finally:
            os.unlink(name)
        return context
