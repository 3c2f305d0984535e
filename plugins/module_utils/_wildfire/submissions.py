# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Submissions to WildFire: what it knows is not sent, and nothing is sent twice.

Sources: the vendor's "WildFire API Best Practices", which recommend to look up hashes first, and its pages on submissions.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from .._common.errors import ErrorContext, InvalidRequest, InvalidResponse, PanwCloudError, ServerError
from .._common.urls import without_query
from .client import WildfireClient
from .local_files import FileUnreadable, LocalFile, content_of
from .verdicts import UrlVerdict, Verdict, read_url_verdicts, read_verdicts

LARGEST_BATCH_OF_LINKS = 1000
FIRST_LINE_OF_LINKS = "panlnk"
REJECTS_ONE = (413, 418, 422, 513)
"""Statuses that are about the submitted file or URL, and not about the caller."""


@dataclasses.dataclass(frozen=True)
class RemoteFile:
    """A file that WildFire downloads.

    :param filename: its name, which WildFire needs for scripts. :param sha256: its hash, if known.
    """

    url: str
    filename: str | None = None
    sha256: str | None = None


@dataclasses.dataclass
class Item:
    """One file or link, and its result.

    :param kind: C(file), C(remote_file) or C(link). :param name: a path or URL.
    :param status: C(known), C(submitted), C(skipped) or C(rejected). :param reason: why it was skipped or rejected.
    :param source: what is submitted. :param same_as: the item with the same content that is submitted in place of this one.
    """

    kind: str
    name: str
    source: Any
    sha256: str | None = None
    md5: str | None = None
    size: int | None = None
    file_type: str | None = None
    status: str = "known"
    reason: str | None = None
    verdict: str = "unknown"
    code: int = -102
    same_as: Item | None = None

    def as_result(self) -> dict[str, Any]:
        """The item for the module's result."""
        hidden = ("name", "source", "same_as")
        shown = {
            field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name not in hidden
        }
        is_path = self.kind == "file"
        return {"path": self.name if is_path else None, "url": None if is_path else self.name, **shown}

    def take(self, verdict: Verdict | UrlVerdict) -> None:
        """Record a verdict."""
        self.verdict, self.code = verdict.verdict, verdict.code
        if isinstance(verdict, Verdict):
            self.md5 = verdict.md5 or self.md5


@dataclasses.dataclass(frozen=True)
class Limits:
    """What may be submitted.

    :param uploads: the maximum number of requests. :param file_size: in bytes. :param check_types: whether to skip unsupported types.
    """

    uploads: int
    file_size: int
    check_types: bool


def of_files(files: Iterable[LocalFile]) -> list[Item]:
    """Items for local files."""
    return [Item("file", one.path, one, one.sha256, None, one.size, one.kind) for one in files]


def of_remote_files(files: Iterable[RemoteFile]) -> list[Item]:
    """Items for remote files."""
    return [Item("remote_file", one.url, one, one.sha256) for one in files]


def of_links(links: Iterable[str]) -> list[Item]:
    """Items for links, each once."""
    return [Item("link", link, link) for link in dict.fromkeys(links)]


class Submissions:
    """Submits items to WildFire."""

    def __init__(self, client: WildfireClient, limits: Limits) -> None:
        self._client = client
        self._limits = limits

    def look_up(self, items: Sequence[Item]) -> list[Item]:
        """Get the verdicts of all items, and return those to submit: unknown, eligible, and each content once.

        :raises PanwCloudError: a query fails.
        """
        hashes = [item.sha256 for item in items if item.sha256]
        by_hash = {one.hash: one for one in read_verdicts(self._client, hashes)} if hashes else {}
        links = [item.name for item in items if item.kind == "link"]
        by_url = {one.url: one for one in read_url_verdicts(self._client, links)}
        chosen: dict[str, Item] = {}
        for item in items:
            found = by_hash[item.sha256] if item.sha256 else by_url.get(item.name)
            if found is not None:
                item.take(found)
            if item.verdict == "unknown":
                self._classify(item)
                if item.status == "submitted" and chosen.setdefault(_content(item), item) is not item:
                    item.same_as = chosen[_content(item)]
        return list(chosen.values())

    def _classify(self, item: Item) -> None:
        item.reason = self._unsuitable(item) if item.kind == "file" else None
        item.status = "skipped" if item.reason else "submitted"

    def _unsuitable(self, item: Item) -> str | None:
        if not item.size:
            return "empty"
        if item.size > self._limits.file_size:
            return "too_large"
        return "unsupported_type" if self._limits.check_types and item.file_type is None else None

    def requests(self, chosen: Sequence[Item]) -> int:
        """How many requests, and so uploads, the submission needs."""
        links = sum(item.kind == "link" for item in chosen)
        return len(chosen) - links + -(-links // LARGEST_BATCH_OF_LINKS)

    def check_limit(self, chosen: Sequence[Item]) -> None:
        """:raises InvalidRequest: the submission needs more uploads than allowed."""
        needed = self.requests(chosen)
        if needed > self._limits.uploads:
            raise InvalidRequest(
                f"submit {len(chosen)} files and links to WildFire",
                ErrorContext(reason=f"this needs {needed} uploads, and 'max_uploads' allows {self._limits.uploads}"),
                "Raise 'max_uploads' if the key's daily quota permits, or submit less. Nothing was submitted.",
            )

    def submit(self, chosen: Sequence[Item], record: Callable[[Item], object]) -> None:
        """Submit items: links in batches, all others one by one.

        :param record: called with each item after its submission.
        :raises PanwCloudError: a request fails for a reason that is not about the item.
        """
        for item in chosen:
            if item.kind != "link":
                self._submit_one(item)
                record(item)
        links = [item for item in chosen if item.kind == "link"]
        for start in range(0, len(links), LARGEST_BATCH_OF_LINKS):
            batch = links[start : start + LARGEST_BATCH_OF_LINKS]
            self._submit_links(batch)
            for item in batch:
                record(item)

    def _submit_one(self, item: Item) -> None:
        try:
            found = self._sent(item)
        except FileUnreadable as error:
            item.status, item.reason = "rejected", error.context.text()
        except (InvalidRequest, ServerError) as error:
            if error.context.status not in REJECTS_ONE:
                raise
            item.status, item.reason = "rejected", error.context.text()
        else:
            item.verdict, item.code = "pending", -100
            if found is not None:
                _identify(item, found)

    def _sent(self, item: Item) -> Element | None:
        """Send one item; None if the response was lost, and WildFire knows the file since."""
        attempted = f"submit {item.name if item.kind == 'file' else without_query(item.name)}"
        try:
            if isinstance(item.source, LocalFile):
                form = {"file": (_base_name(item.name), content_of(item.source))}
                return self._client.submit(attempted, "/submit/file", form)
            name = {"context": item.source.filename} if item.source.filename else {}
            return self._client.submit(attempted, "/submit/url", {"url": item.name, **name})
        except PanwCloudError as error:
            if not error.outcome_unknown or error.context.status in REJECTS_ONE or not item.sha256:
                raise
            (seen,) = read_verdicts(self._client, [item.sha256])
            if seen.verdict == "unknown":
                raise
            return None

    def _submit_links(self, batch: Sequence[Item]) -> None:
        form: dict[str, Any]
        if len(batch) == 1:
            attempted, path, form = (
                f"submit the link {without_query(batch[0].name)}",
                "/submit/link",
                {"link": batch[0].name},
            )
        else:
            attempted, path = f"submit {len(batch)} links", "/submit/links"
            lines = "\n".join([FIRST_LINE_OF_LINKS, *(item.name for item in batch)])
            form = {"file": ("links.txt", lines)}
        entries = list(self._client.submit(attempted, path, form).iter("submit-link-info"))
        if len(entries) != len(batch):
            reason = f"the response has {len(entries)} entries for {len(batch)} links"
            raise InvalidResponse(attempted, ErrorContext(reason=reason))
        for item, entry in zip(batch, entries):
            item.sha256, item.md5 = (entry.findtext(tag) or None for tag in ("sha256", "md5"))
            item.verdict, item.code = "pending", -100


def share(items: Iterable[Item]) -> None:
    """Record the result of a submission for all items with the same content."""
    for item in items:
        same = item.same_as
        if same is not None:
            item.status, item.reason, item.md5 = same.status, same.reason, same.md5
            item.verdict, item.code = same.verdict, same.code


def _content(item: Item) -> str:
    """What makes items the same: the hash, or the URL and the name of a file without one."""
    return item.sha256 or f"{item.name} {item.source}"


def _identify(item: Item, response: Element) -> None:
    info = response.find("upload-file-info")
    if info is None:
        raise InvalidResponse(f"submit {item.name}", ErrorContext(reason="the response does not identify the file"))
    if item.kind == "remote_file":  # it may have changed since it was hashed
        item.sha256 = (info.findtext("sha256") or "").lower() or item.sha256
    item.md5 = (info.findtext("md5") or "").lower() or None
    item.file_type = info.findtext("filetype") or item.file_type
    size = info.findtext("size") or ""
    item.size = int(size) if size.isdigit() else item.size


def _base_name(path: str) -> str:
    return path.rpartition("/")[2]
