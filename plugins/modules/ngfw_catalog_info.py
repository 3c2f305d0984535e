#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_catalog_info
version_added: 0.2.0
short_description: List applications, countries and predefined URL categories of Cloud NGFW for AWS
description:
  - Reads the vendor's catalogs as whole lists, all pages of them, for use in security rules.
author: []  # those of galaxy.yml
options:
  gather:
    description: Which catalogs to read.
    type: list
    elements: str
    choices: [app_id_versions, applications, countries, url_categories]
    default: [app_id_versions, countries, url_categories]
  app_id_version:
    description: The content version of the applications. Defaults to the newest.
    type: str
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.session
  - panw.cloud.ngfw.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - Works as without check mode. A temporary token is issued and revoked, too, because nothing can be read without one.
notes:
  - The token must be for the admin role V(rulestack).
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_rulestacks
    description: From a document to a reviewed and committed policy. In the collection this is C(docs/docsite/rst/guide_rulestacks.rst).
  - module: panw.cloud.ngfw_security_rule
  - module: panw.cloud.ngfw_predefined_url_category_override
"""

EXAMPLES = r"""
- name: List countries and predefined URL categories
  panw.cloud.ngfw_catalog_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    gather: [countries, url_categories]
  register: catalog

- name: List the applications of the newest content version
  panw.cloud.ngfw_catalog_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    gather: [applications]
"""

RETURN = r"""
app_id_versions:
  description: The application content versions, the newest first.
  returned: when O(gather) has V(app_id_versions) or V(applications)
  type: list
  elements: str
  sample: [8433-6838]
applications:
  description: The names of the applications.
  returned: when O(gather) has V(applications)
  type: list
  elements: str
  sample: [ssl, web-browsing]
countries:
  description: The names of the countries by code.
  returned: when O(gather) has V(countries)
  type: dict
  sample:
    CH: Switzerland
url_categories:
  description: The default actions of the predefined URL categories by name.
  returned: when O(gather) has V(url_categories)
  type: dict
  sample:
    gambling: alert
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token).
  returned: failure
  type: dict
  sample:
    kind: authorization
    status: 403
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import session_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._module.resource import admin_role_for
from ansible_collections.panw.cloud.plugins.module_utils._module.session import session
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalogs import Catalogs
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.client import ResourceClient

GATHER = ["app_id_versions", "applications", "countries", "url_categories"]


def work(task: Task) -> dict[str, Any]:
    """Read the catalogs."""
    gather, version = task.params["gather"], task.params["app_id_version"]
    result: dict[str, Any] = {"changed": False}
    with session(task, admin_role_for(task, "local")) as opened:
        catalogs = Catalogs(ResourceClient(opened.client, opened.pair))
        if "app_id_versions" in gather or ("applications" in gather and not version):
            result["app_id_versions"] = catalogs.app_id_versions()
        if "applications" in gather:
            version = version or next(iter(result["app_id_versions"]), None)
            result["applications"] = catalogs.applications(version) if version else []
        if "countries" in gather:
            result["countries"] = catalogs.countries()
        if "url_categories" in gather:
            result["url_categories"] = catalogs.url_categories()
    return result


def main() -> None:
    """Run the module."""
    spec = {
        **session_spec(),
        "gather": {
            "type": "list",
            "elements": "str",
            "choices": GATHER,
            "default": ["app_id_versions", "countries", "url_categories"],
        },
        "app_id_version": {"type": "str"},
    }
    run(work, spec)


if __name__ == "__main__":
    main()
