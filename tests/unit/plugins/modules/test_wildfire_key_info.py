# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wildfire_key_info, run as a module against servers on loopback."""

from __future__ import annotations

import json

from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.tests.helpers.factories import (
    API_KEY,
)
from ansible_collections.panw.cloud.tests.helpers.run_module import run
from ansible_collections.panw.cloud.tests.helpers.wildfire_cloud import BOUND, Cloud


def test_key_info_reports_keys() -> None:
    with Cloud() as cloud:
        cloud.keyed.keys.append({"key": {"id": 1, "text": API_KEY}, "type": "x", "account": "y", "state": "Odd"})
        options = {**cloud.options, "registry": cloud.registry_config, "verify": True, **BOUND}
        known = run("wildfire_key_info", options)
        assert not [secret for secret in cloud.secrets if secret in json.dumps(known)]
        cloud.keyed.works = False
        assert run("wildfire_key_info", options)["refusal"] == "the server returned HTTP 401: Invalid API key"
        assert run("wildfire_key_info", cloud.options)["wildfire_keys"] is None
    (key,) = known["wildfire_keys"]
    assert (key["id"], key["product"], key["status"]) == ("1", "x", "Odd")
    assert [(one["app_id"], one["fingerprint"]) for one in known["instances"]] == [
        ("prisma_access", fingerprint(API_KEY))
    ]
    assert (known["changed"], known["verified"], known["refusal"], known["licenses"]) == (False, True, None, [])
