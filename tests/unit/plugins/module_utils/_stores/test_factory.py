# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options select a store, or are rejected before any read or write."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import store_spec
from ansible_collections.panw.cloud.plugins.module_utils._stores import file, vault
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.factory import open_store
from ansible_collections.panw.cloud.plugins.module_utils._stores.file import FileSlots, check_place
from ansible_collections.panw.cloud.plugins.module_utils._stores.vault import Vault
from ansible_collections.panw.cloud.tests.helpers.fake_aws import FakeAws

POLICY = '{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}'


def options(**given: Any) -> dict[str, Any]:
    return {**dict.fromkeys(store_spec()), "store": "secretsmanager", **given}


def refused(region: str | None = "us-east-1", **given: Any) -> InvalidInput:
    def never() -> Any:
        pytest.fail("AWS was touched")

    with pytest.raises(InvalidInput) as caught:
        open_store(options(**given), never, region, StoredToken)
    return caught.value


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    made = tmp_path / "store"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def password(tmp_path: Path) -> Path:
    made = tmp_path / "password"
    made.write_text("correct horse\n")
    return made


def test_options_select_store(directory: Path, password: Path) -> None:
    path, aws = str(directory / "token.json"), FakeAws
    for given in (
        {"name": "ngfw/one", "kms_key_id": "alias/a", "store_tags": {"a": 1}, "resource_policy": POLICY},
        {"store": "ssm", "name": "/ngfw/one.two", "kms_key_id": "alias/a", "store_tags": {"a": "b"}},
    ):
        store = open_store(options(**given), aws, "us-east-1", StoredToken)
        assert store.location == {"store": given.get("store", "secretsmanager"), "name": given["name"]}
    for given in ({"path": path}, {"path": path, "vault_password_file": str(password)}):
        assert open_store(options(store="file", **given), aws, None, StoredToken).location == {
            "store": "file",
            "path": path,
        }
    assert open_store(options(store="none"), aws, None, StoredToken).location["store"] == "none"


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"store": "ssm"}, "name"),
        ({"store": "file"}, "path"),
        ({"store": "file", "path": "/tmp/a", "name": "a"}, "name"),
        ({"store": "none", "path": "/tmp/a"}, "path"),
        ({"store": "ssm", "name": "a", "resource_policy": "{}"}, "resource_policy"),
        ({"store": "ssm", "name": "a", "recovery_window": 7}, "recovery_window"),
        ({"store": "file", "path": "/tmp/a", "kms_key_id": "a"}, "kms_key_id"),
        ({"store": "none", "store_tags": {}}, "store_tags"),
        ({"name": "a", "vault_password_file": "/tmp/a"}, "vault_password_file"),
        ({"name": "a", "recovery_window": 6}, "recovery_window"),
        ({"name": "a", "recovery_window": 31}, "recovery_window"),
        ({"name": "a", "region": None}, "region"),
    ],
)
def test_invalid_options_are_rejected(given: dict[str, Any], option: str) -> None:
    if option == "region":
        assert refused(name="a", region=None).option == option
    else:
        # The AWS client is created before the settings are checked, but not called.
        with pytest.raises(InvalidInput) as caught:
            open_store(options(**given), FakeAws, "us-east-1", StoredToken)
        assert caught.value.option == option


def test_check_place_returns_resolved_path(directory: Path) -> None:
    assert check_place(str(directory / "token.json")) == str(directory / "token.json")
    link = directory.parent / "link"
    link.symlink_to(directory)
    assert check_place(str(link / "token.json")) == str(directory / "token.json")


def test_check_place_invalid_is_rejected(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def problem(path: Path | str) -> str:
        with pytest.raises(InvalidInput) as caught:
            check_place(str(path))
        assert caught.value.option == "path"
        return caught.value.problem

    (directory / "link").symlink_to(directory / "elsewhere")
    (directory / "folder").mkdir()
    assert "is not absolute" in problem("token.json")
    assert "does not exist" in problem(directory / "none/token.json")
    assert "is not a regular file" in problem(directory / "link")
    assert "is not a regular file" in problem(directory / "folder")
    for mode in (0o770, 0o707, 0o1777):
        directory.chmod(mode)
        assert f"others may write to: {directory}" in problem(directory / "token.json")
    directory.chmod(0o700)
    directory.parent.chmod(0o777)
    assert f"others may write to: {directory.parent}" in problem(directory / "token.json")
    directory.parent.chmod(0o1777)
    check_place(str(directory / "token.json"))
    with monkeypatch.context() as patch:
        patch.setattr(file.os, "geteuid", lambda: os.geteuid() + 1) if os.geteuid() else None
        patch.setattr(file.os, "access", lambda *_: False)
        assert "write to" in problem(directory / "token.json")


def test_vault_file_is_readable_by_ansible(password: Path) -> None:
    theirs = VaultLib([("default", VaultSecret(b"correct horse"))])
    made = Vault(str(password)).encrypt("a text, ä and all")
    assert all(len(line) <= 80 for line in made.splitlines())
    assert theirs.decrypt(made) == "a text, ä and all".encode()
    assert Vault(str(password)).decrypt(theirs.encrypt("another", VaultSecret(b"correct horse"))) == "another"


def test_invalid_vault_is_rejected(password: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def problem(work: Any, *arguments: Any) -> str:
        with pytest.raises(InvalidInput) as caught:
            work(*arguments)
        assert caught.value.option == "vault_password_file"
        return caught.value.problem

    good = Vault(str(password))
    made = good.encrypt("text")
    assert "not valid Ansible Vault data" in problem(good.decrypt, b"$ANSIBLE_VAULT;1.1;AES256\nzz\n")
    assert "not valid Ansible Vault data" in problem(good.decrypt, made[:100])
    password.write_text("another")
    assert "does not hold the password" in problem(Vault(str(password)).decrypt, made)
    assert "cannot be read" in problem(Vault, str(tmp_path / "none"))
    password.write_text("\n")
    assert "is empty" in problem(Vault, str(password))
    password.chmod(0o700)
    assert "is executable" in problem(Vault, str(password))
    monkeypatch.setattr(vault, "CRYPTOGRAPHY_IMPORT_ERROR", "no module")
    assert "cryptography" in problem(Vault, str(password))


def test_encrypted_file_holds_no_plain_text(directory: Path, password: Path) -> None:
    name = str(directory / "token.json")
    locked, plain = FileSlots(Vault(str(password))), FileSlots()
    mark = locked.create(name, "text")
    held = locked.read(name)
    assert held
    assert (held.text, held.mark) == ("text", mark)
    assert b"text" not in (directory / "token.json").read_bytes()
    assert locked.drift(name) == []
    assert plain.drift(name) == ["encryption"]
    with pytest.raises(InvalidInput, match="is missing: the stored file is encrypted"):
        plain.read(name)
    plain.delete(name)
    plain.create(name, "text")
    assert locked.drift(name) == ["encryption"]
    locked.settle(name)
    assert locked.drift(name) == []
    mine = locked.read(name)
    assert mine
    assert mine.text == "text"
