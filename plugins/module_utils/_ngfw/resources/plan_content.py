# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The content of plan files, and its ID, for what applies plans and for what reports them.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..._common.errors import InvalidInput

FORMAT = 1
# Not what a plan changes: a new rulestack that is not in the plan leaves the ID unchanged.
_NOT_DIGESTED = ("id", "created", "unmanaged", "warnings")


def digest(content: Any) -> str:
    """The digest of plain data."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def identifier(content: Mapping[str, Any]) -> str:
    """The ID of a plan with this content."""
    return digest({key: value for key, value in content.items() if key not in _NOT_DIGESTED})


def edited(plan: Mapping[str, Any]) -> bool:
    """Whether a plan was changed after it was made: its ID is not that of its content."""
    return bool(plan["id"] != identifier(plan))


def load(path: str, option: str) -> dict[str, Any]:
    """The content of a plan file, of any format, edited or not.

    :param option: the module's, for messages. :raises InvalidInput: it is not a plan.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(option, f"names {path}, which cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise InvalidInput(option, f"names {path}, which is not JSON: {error}.") from None
    except RecursionError:
        raise InvalidInput(
            option, f"names {path}, which is not JSON that can be read: it is nested too deeply."
        ) from None
    if not isinstance(content, dict) or not {"format", "id", "rulestacks"} <= content.keys():
        raise InvalidInput(option, f"names {path}, which is not a plan: it has no 'format', 'id' and 'rulestacks'.")
    return content
