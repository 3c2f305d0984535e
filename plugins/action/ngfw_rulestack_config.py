# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_action import RulestackAction


class ActionModule(RulestackAction):
    """Apply whole rulestacks on the controller."""

    entry = "rulestack_config"
