# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML of the WildFire public API, and the checks that its operations share."""

from __future__ import annotations

from xml.sax.saxutils import escape

from ..messages import Response
from .forms import Form
from .responses import Refusal, wildfire_error, xml_response
from .samples import HASH, Sample


def wildfire(*parts: str) -> Response:
    """A successful response."""
    return xml_response(200, f"<wildfire>{''.join(parts)}</wildfire>")


def plain(value: str) -> str:
    """Text for an element, without characters that XML does not allow."""
    return escape("".join(character for character in value if character.isprintable()))


def facts(sample: Sample) -> str:
    """What identifies a sample."""
    kind = f"<size>{sample.size}</size><filetype>{plain(sample.filetype)}</filetype>"
    return f"<sha256>{sample.sha256}</sha256><md5>{sample.md5}</md5>{kind}"


def verdict_entry(sha256: str, md5: str, verdict: int) -> str:
    """The verdict for a hash."""
    known = f"<sha256>{plain(sha256)}</sha256><verdict>{verdict}</verdict><md5>{md5}</md5>"
    return f"<get-verdict-info>{known}</get-verdict-info>"


def required(form: Form, name: str, *, named: bool = True) -> str:
    """A required field. :param named: whether the error names it, which those of queries by hash do not."""
    value = form.text(name)
    if value is None:
        raise Refusal(wildfire_error(420, f"Missing required field {name}" if named else "Missing required field"))
    return value


def required_hash(form: Form) -> str:
    """The hash of a query in lower case."""
    digest = required(form, "hash", named=False).lower()
    if not HASH.fullmatch(digest):
        raise Refusal(wildfire_error(421, "invalid hash value"))
    return digest
