# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories: the import of a file, and the part that a job or a slice gets."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader


def read(path: Path) -> dict[str, Any]:
    """The hosts, groups and variables of an inventory file."""
    found = InventoryManager(loader=DataLoader(), sources=[str(path)])
    groups = {
        name: {
            "vars": group.vars,
            "hosts": [host.name for host in group.hosts],
            "children": [child.name for child in group.child_groups],
        }
        for name, group in found.groups.items()
        if name not in ("all", "ungrouped")
    }
    hosts = {
        host.name: {name: value for name, value in host.vars.items() if not name.startswith("inventory_")}
        for host in found.get_hosts()
    }
    return {"vars": found.groups["all"].vars, "hosts": hosts, "groups": groups}


def import_file(inventory: dict[str, Any], path: Path) -> None:
    """Import a file as awx-manage inventory_import does with overwrite and overwrite_vars.

    Hosts and groups become the file's. The variables of C(all) are merged into those of the inventory, regardless of overwrite_vars
    (inventory_import.Command._update_inventory).
    """
    found = read(path)
    before = json.loads(inventory["variables"] or "{}")
    inventory["variables"] = json.dumps({**before, **found["vars"]})
    inventory["hosts"], inventory["groups"] = found["hosts"], found["groups"]


def part(inventory: dict[str, Any], number: int, count: int) -> dict[str, Any]:
    """The inventory of a job: for a slice every count-th host by name (Inventory.get_sliced_hosts), and all groups, even empty ones."""
    names = sorted(inventory["hosts"])
    mine = set(names[number - 1 :: count]) if count > 1 else set(names)
    groups = {
        name: {
            "vars": group["vars"],
            "hosts": {host: {} for host in group["hosts"] if host in mine},
            "children": {child: {} for child in group["children"]},
        }
        for name, group in inventory["groups"].items()
    }
    hosts = {name: inventory["hosts"][name] for name in names if name in mine}
    return {"all": {"vars": json.loads(inventory["variables"] or "{}"), "hosts": hosts, "children": groups}}


def matching(inventory: dict[str, Any], patterns: Iterable[str]) -> list[str]:
    """The hosts that match all patterns, by Ansible's rules."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(json.dumps(inventory))
        file.flush()
        found = InventoryManager(loader=DataLoader(), sources=[file.name])
        names = {host.name for host in found.get_hosts()}
        for pattern in patterns:
            names &= {host.name for host in found.get_hosts(pattern)}
    return sorted(names)
