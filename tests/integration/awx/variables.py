# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file in which AWX passes extra variables to a job."""

from __future__ import annotations

from typing import Any

import yaml


class _Unsafe(yaml.SafeDumper):
    def represent_data(self, data: Any) -> yaml.Node:
        return self.represent_scalar("!unsafe", data) if isinstance(data, str) else super().represent_data(data)


def written(variables: dict[str, Any], trusted: dict[str, Any] | None = None) -> str:
    """YAML in which each string, keys included, is C(!unsafe), except for values of the template (awx.main.utils.safe_yaml.safe_dump).

    ansible-core 2.19 and newer parse such a string as what it resembles: a date, a number, a boolean, or null.
    """
    known = trusted or {}
    return "".join(
        yaml.dump(
            {name: value},
            Dumper=yaml.SafeDumper if name in known and known[name] == value else _Unsafe,
            default_flow_style=False,
        )
        for name, value in variables.items()
    )
