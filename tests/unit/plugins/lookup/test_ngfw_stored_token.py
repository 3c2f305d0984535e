# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup plugin over files and a fake of AWS; tests/integration runs it in playbooks."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible_collections.panw.cloud.plugins.doc_fragments import store
from ansible_collections.panw.cloud.plugins.lookup import ngfw_stored_token
from ansible_collections.panw.cloud.plugins.module_utils import _module
from ansible_collections.panw.cloud.plugins.module_utils._module import token_store
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import session_spec
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import Record
from ansible_collections.panw.cloud.tests.helpers.fake_aws import stored
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN


def token(**changes: Any) -> Any:
    """A token that is valid for another 45 minutes."""
    now = datetime.now(UTC).replace(microsecond=0)
    return stored(**{"issued_at": now, "expires_at": now + timedelta(minutes=45), **changes})


def kept(directory: Path, content: Any) -> dict[str, Any]:
    """The options for a file with a content."""
    directory.chmod(0o700)
    path = directory / "token.json"
    path.touch(0o600)
    path.write_text(content if isinstance(content, str) else Record(content).dump())
    return {"type": "file", "path": str(path)}


def look_up(*terms: Any, **options: Any) -> Any:
    (found,) = ngfw_stored_token.LookupModule().run(list(terms), {}, **options)
    return found


def refused(*terms: Any, **options: Any) -> str:
    """The message of a failure, which holds no secret and hides no other exception."""
    with pytest.raises(AnsibleError) as caught:
        look_up(*terms, **options)
    assert caught.value.__context__ is None
    assert TOKEN not in str(caught.value)
    assert KEY not in str(caught.value)
    return str(caught.value)


def test_pair_is_returned_with_what_its_use_needs(tmp_path: Path) -> None:
    held = token()
    assert look_up(**kept(tmp_path, held), admin_role="rulestack") == {
        "token": held.token,
        "subscription_key": held.subscription_key,
        "expires_at": held.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "fingerprint": held.fingerprint,
        "admin_role": "rulestack",
        "url": held.url,
        "region": held.region,
    }


@pytest.mark.parametrize(
    ("changes", "options", "message"),
    [
        ({"expires_at": datetime(2026, 5, 19, tzinfo=UTC)}, {}, "the token expired at 2026-05-19T00:00:00Z"),
        ({"admin_role": "firewall"}, {"admin_role": "rulestack"}, "is for the admin role 'firewall', and 'rulestack'"),
    ],
)
def test_stale_or_other_token_is_refused(
    tmp_path: Path, changes: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    assert message in refused(**kept(tmp_path, token(**changes)), **options)


def test_empty_and_invalid_stores_are_refused(tmp_path: Path) -> None:
    assert "the store holds no token" in refused(type="file", path=str(tmp_path / "missing.json"))
    assert "is not" in refused(**kept(tmp_path, "no document"))


@pytest.mark.parametrize(
    ("terms", "options", "message"),
    [
        (("cloud-ngfw/rulestack",), {"region": "us-east-1"}, "takes no positional arguments"),
        ((), {"name": "cloud-ngfw/rulestack"}, "'region'"),
        ((), {"region": "us-east-1"}, "'name'"),
        ((), {"type": "file", "name": "x"}, "'name' belongs to secretsmanager and ssm"),
        ((), {"type": "memory"}, "value of type must be one of"),
        ((), {"nmae": "x", "secret_key": TOKEN}, "nmae"),
        ((), {"type": TOKEN, "secret_key": TOKEN}, "value of type must be one of"),
    ],
)
def test_invalid_option_is_refused(
    terms: tuple[str, ...], options: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    assert message in refused(*terms, **options)


def test_both_values_are_registered_where_core_masks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registered: list[str] = []
    monkeypatch.setattr(ngfw_stored_token, "register_secret", registered.append)
    held = token()
    look_up(**kept(tmp_path, held))
    assert registered == [held.token, held.subscription_key]


def test_warnings_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work, display = token_store.work, mock.Mock()

    def warning(module: Any) -> Any:
        module.warn("of an option")
        return work(module)

    monkeypatch.setattr(token_store, "work", warning)
    monkeypatch.setattr("ansible.plugins.lookup.display", display)
    look_up(**kept(tmp_path, token()))
    display.warning.assert_called_once_with("of an option")


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(_module, "token_store")
    monkeypatch.setitem(sys.modules, token_store.__name__, None)
    with pytest.raises(AnsibleError, match="required Python library"):
        look_up()


def test_options_are_those_of_token_store() -> None:
    texts = (ngfw_stored_token.DOCUMENTATION, store.ModuleDocFragment.HASHI_VAULT)
    documented = {name: option for text in texts for name, option in yaml.safe_load(text)["options"].items()}
    suboptions = session_spec()["token_store"]["options"]
    assert set(documented) == {*suboptions, "admin_role"}
    for name, option in suboptions.items():
        shown = {key: documented[name].get(key) for key in ("type", "choices", "default")}
        assert shown == {key: option.get(key) for key in ("type", "choices", "default")}
