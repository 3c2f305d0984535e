# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked up, what is submitted, and what a failure leaves."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    InvalidRequest,
    InvalidResponse,
    PanwCloudError,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.errors import QuotaExceeded
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.local_files import inspect
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.submissions import (
    Item,
    Limits,
    RemoteFile,
    Submissions,
    of_files,
    of_links,
    of_remote_files,
    share,
)
from ansible_collections.panw.cloud.tests.helpers.factories import entry, form, legacy, refusal, wildfire
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, Server

LIMITS = Limits(uploads=10, file_size=100, check_types=True)
URL = "https://www.example.com/setup?user=me"
NEW, KNOWN = ({"content": text, "sha256": hashlib.sha256(text).hexdigest()} for text in (b"echo new", b"echo known"))


def uploaded(**facts: str) -> str:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in facts.items())
    return f"<upload-file-info>{inner}</upload-file-info>"


def accepted(*urls: str) -> str:
    return "".join(f"<submit-link-info><url>{url}</url><sha256>ab</sha256><md5/></submit-link-info>" for url in urls)


class Cloud(Server):
    """WildFire, which knows one file, and accepts everything."""

    def __init__(self, *script: Reply | BaseException) -> None:
        self.script = list(script)
        self.forms: list[tuple[str, dict[str, str]]] = []
        super().__init__(handler=self._serve)

    def _serve(self, request: Any) -> Reply | BaseException:
        path, sent = request.path_url.removeprefix("/publicapi"), form(request)
        sent.pop("apikey")
        self.forms.append((path, sent))
        if path == "/get/verdicts":
            digests = sent["file"].split()
            return wildfire(*(entry(0 if one == KNOWN["sha256"] else -102, one) for one in digests))
        if path == "/get/verdict":
            return wildfire(entry(-102, sent.get("hash", "")))
        if self.script:
            return self.script.pop(0)
        if path == "/submit/link":
            return wildfire(accepted(sent["link"]))
        if path == "/submit/links":
            return wildfire(accepted(*sent["file"].split()[1:]))
        return wildfire(uploaded(sha256="CD", md5="EF", size="8", filetype="Shell script"))

    @property
    def paths(self) -> list[str]:
        return [path for path, _form in self.forms]


def files(folder: Path, **content: bytes) -> list[Item]:
    paths = []
    for name, text in content.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(text)
        paths.append(str(path))
    return of_files(map(inspect, paths))


def states(items: list[Item]) -> list[tuple[str, str | None]]:
    return [(item.status, item.reason) for item in items]


def sent(cloud: Cloud, items: list[Item], limits: Limits = LIMITS) -> list[Item]:
    done: list[Item] = []
    submissions = Submissions(legacy(cloud), limits)
    chosen = submissions.look_up(items)
    submissions.submit(chosen, done.append)
    share(items)
    return done


def test_unknown_files_are_submitted_once_per_content(tmp_path: Path) -> None:
    cloud, items = Cloud(), files(tmp_path, a_sh=NEW["content"], b_sh=KNOWN["content"], c_sh=NEW["content"])
    assert [item.name for item in sent(cloud, items)] == [items[0].name]
    assert states(items) == [("submitted", None), ("known", None), ("submitted", None)]
    assert [item.verdict for item in items] == ["pending", "benign", "pending"]
    assert cloud.paths == ["/get/verdicts", "/submit/file"]
    assert cloud.forms[1][1]["file"] == "echo new"
    assert (items[0].sha256, items[0].file_type, items[2].md5) == (NEW["sha256"], "Shell script", "ef")


def test_unsuitable_files_are_looked_up_and_skipped(tmp_path: Path) -> None:
    cloud = Cloud()
    items = files(tmp_path, a_sh=b"", b_sh=b"x" * 101, c_txt=b"text", d_sh=b"x" * 100)
    sent(cloud, items)
    reasons = ["empty", "too_large", "unsupported_type", None]
    assert [item.reason for item in items] == reasons
    assert cloud.paths == ["/get/verdicts", "/submit/file"]
    sent(cloud, items[2:3], Limits(10, 100, check_types=False))
    assert items[2].status == "submitted"


def test_remote_file_with_a_known_hash_is_looked_up() -> None:
    remote = [RemoteFile(URL, "setup.sh", NEW["sha256"]), RemoteFile(URL)]
    cloud, items = Cloud(), of_remote_files(remote)
    sent(cloud, items)
    assert [item.sha256 for item in items] == ["cd", "cd"]
    assert cloud.forms == [
        ("/get/verdict", {"hash": NEW["sha256"]}),
        ("/submit/url", {"url": URL, "context": "setup.sh"}),
        ("/submit/url", {"url": URL}),
    ]


def test_links_go_in_batches() -> None:
    cloud, items = Cloud(), of_links(["https://a", "https://b", "https://a"])
    submissions = Submissions(legacy(cloud), LIMITS)
    assert submissions.requests(submissions.look_up(items)) == 1
    assert [item.sha256 for item in sent(cloud, items)] == ["ab", "ab"]
    assert cloud.forms[-1] == ("/submit/links", {"file": "panlnk\nhttps://a\nhttps://b"})
    sent(cloud, of_links(["https://c"]))
    assert cloud.forms[-1] == ("/submit/link", {"link": "https://c"})
    many = of_links(f"https://{number}" for number in range(2001))
    assert submissions.requests(many) == 3


def test_missing_entries_of_links_raise_error() -> None:
    with pytest.raises(InvalidResponse, match="1 entries for 2 links"):
        sent(Cloud(wildfire(accepted("https://a"))), of_links(["https://a", "https://b"]))


def test_more_uploads_than_allowed_raise_error() -> None:
    submissions = Submissions(legacy(Cloud()), Limits(1, 100, check_types=True))
    items = of_remote_files([RemoteFile(URL), RemoteFile(URL)])
    with pytest.raises(
        InvalidRequest, match=r"this needs 2 uploads, and 'max_uploads' allows 1.*Nothing was submitted"
    ):
        submissions.check_limit(items)
    submissions.check_limit(items[:1])


@pytest.mark.parametrize("status", [413, 418, 422, 513])
def test_rejected_item_is_recorded(status: int) -> None:
    items = of_remote_files([RemoteFile(URL), RemoteFile(URL, sha256=NEW["sha256"])])
    sent(Cloud(refusal(status, "no")), items)
    assert [item.status for item in items] == ["rejected", "submitted"]
    assert items[0].reason == f"the server returned HTTP {status}: no"


def test_other_failure_ends_the_submission() -> None:
    items, done = of_remote_files([RemoteFile(URL), RemoteFile(URL)]), []
    with pytest.raises(QuotaExceeded, match=r"submit https://www.example.com/setup at"):
        Submissions(legacy(Cloud(wildfire(uploaded(sha256="AB")), refusal(419, "x"))), LIMITS).submit(
            items, done.append
        )
    assert [item.sha256 for item in done] == ["ab"]


@pytest.mark.parametrize(("digest", "status"), [(KNOWN["sha256"], "submitted"), (NEW["sha256"], None), (None, None)])
def test_lost_response_is_settled_by_a_lookup(digest: str | None, status: str | None) -> None:
    """Only if WildFire knows the file since; otherwise nobody knows whether the upload arrived."""

    class Settled(Cloud):
        def _serve(self, request: Any) -> Reply | BaseException:
            if request.path_url.endswith("/get/verdict") and form(request)["hash"] == KNOWN["sha256"]:
                return wildfire(entry(-100, KNOWN["sha256"]))
            return super()._serve(request)

    cloud, (item,) = Settled(ConnectionResetError()), of_remote_files([RemoteFile(URL, sha256=digest)])
    submissions = Submissions(legacy(cloud), LIMITS)
    item.status = "submitted"
    if status is None:
        with pytest.raises(TransportError):
            submissions.submit([item], print)
        return
    submissions.submit([item], print)
    assert (item.status, item.verdict) == (status, "pending")
    assert cloud.paths.count("/submit/url") == 1


def test_response_without_the_file_raises_error() -> None:
    with pytest.raises(PanwCloudError, match="does not identify the file"):
        sent(Cloud(wildfire()), of_remote_files([RemoteFile(URL)]))


def test_result_has_a_path_or_a_url(tmp_path: Path) -> None:
    (file,), (link,) = files(tmp_path, a_sh=b"x"), of_links(["https://a"])
    assert file.as_result() == {
        "path": file.name,
        "url": None,
        "kind": "file",
        "sha256": hashlib.sha256(b"x").hexdigest(),
        "md5": None,
        "size": 1,
        "file_type": "shell",
        "status": "known",
        "reason": None,
        "verdict": "unknown",
        "code": -102,
    }
    assert (link.as_result()["path"], link.as_result()["url"]) == (None, "https://a")
