# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The format of Ansible Vault (1.1, AES256) for modules, which cannot import Ansible's own library.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import traceback
from binascii import hexlify, unhexlify

from .._common.errors import InvalidInput

try:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.padding import PKCS7
except ImportError:
    CRYPTOGRAPHY_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    CRYPTOGRAPHY_IMPORT_ERROR = None

HEADER = b"$ANSIBLE_VAULT;"
_LABEL = HEADER + b"1.1;AES256"
_COLUMNS = 80
_SALT, _KEY, _ROUNDS, _BLOCK_BITS = 32, 32, 10000, 128


class Vault:
    """Encrypts and decrypts with the password from a file.

    :raises InvalidInput: the file cannot be read, is empty or executable, or the cryptography package is missing.
    """

    def __init__(self, password_file: str) -> None:
        if CRYPTOGRAPHY_IMPORT_ERROR:
            raise InvalidInput("vault_password_file", "needs the Python package cryptography where the module runs.")
        if os.access(password_file, os.X_OK):
            raise InvalidInput(
                "vault_password_file", f"is executable, but password scripts are not supported: {password_file}"
            )
        try:
            with open(password_file, "rb") as file:
                self._password = file.read().strip()
        except OSError as error:
            raise InvalidInput("vault_password_file", f"cannot be read: {password_file}: {error.strerror}.") from None
        if not self._password:
            raise InvalidInput("vault_password_file", f"is empty: {password_file}")

    def encrypt(self, text: str) -> bytes:
        """Encrypt a text to the content of an Ansible Vault file."""
        salt = os.urandom(_SALT)
        cipher, key = self._keys(salt)
        padder, encryptor = PKCS7(_BLOCK_BITS).padder(), cipher.encryptor()
        secret = encryptor.update(padder.update(text.encode()) + padder.finalize()) + encryptor.finalize()
        body = hexlify(b"\n".join(hexlify(part) for part in (salt, _digest(key, secret), secret)))
        lines = [body[start : start + _COLUMNS] for start in range(0, len(body), _COLUMNS)]
        return b"\n".join([_LABEL, *lines, b""])

    def decrypt(self, raw: bytes) -> str:
        """Decrypt the content of an Ansible Vault file. :raises InvalidInput: the password is wrong, or the file is damaged."""
        try:
            body = unhexlify(b"".join(raw.split(b"\n")[1:]))
            salt, digest, secret = (unhexlify(part) for part in body.split(b"\n"))
        except ValueError:
            raise InvalidInput(
                "vault_password_file", "is unusable: the stored file is not valid Ansible Vault data."
            ) from None
        cipher, key = self._keys(salt)
        if not hmac.compare_digest(_digest(key, secret), digest):
            raise InvalidInput(
                "vault_password_file", "does not hold the password that the stored file is encrypted with."
            )
        decryptor, unpadder = cipher.decryptor(), PKCS7(_BLOCK_BITS).unpadder()
        padded = decryptor.update(secret) + decryptor.finalize()
        return (unpadder.update(padded) + unpadder.finalize()).decode()

    def _keys(self, salt: bytes) -> tuple[Cipher[modes.CTR], bytes]:
        """The cipher, and the key for the digest."""
        derived = hashlib.pbkdf2_hmac("sha256", self._password, salt, _ROUNDS, 2 * _KEY + _BLOCK_BITS // 8)
        key, digest_key, counter = derived[:_KEY], derived[_KEY : 2 * _KEY], derived[2 * _KEY :]
        return Cipher(algorithms.AES(key), modes.CTR(counter)), digest_key


def _digest(key: bytes, secret: bytes) -> bytes:
    return hmac.new(key, secret, hashlib.sha256).digest()
