# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of objects in a rulestack: one table drives all of their routes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..documents import lookup
from ..envelope import ServiceError
from ..routing import READERS, Call
from ..tokens import AdminRole
from . import bodies
from .fields import Body, integer, text

Entry = Mapping[str, Any]
"""An object or rule as it is stored: in the specification's spelling, with its UpdateToken. Never changed, only replaced."""

RULESTACK_ADMINS = frozenset({AdminRole.RULESTACK, AdminRole.GLOBAL_RULESTACK})
LOCAL_ADMIN = frozenset({AdminRole.RULESTACK})
RULE_LISTS = ("LocalRule", "PreRule", "PostRule")
IDENTITY = frozenset({"name", "priority", "rulestackname", "updatetoken"})


def _same(entry: Entry) -> dict[str, Any]:
    return {**entry}


@dataclass(frozen=True)
class Kind:
    """One kind of named object.

    :param segment: path of the list below the rulestack. :param title: its name in messages.
    :param describes: prefix of the keys in the response for one object. :param lists: keys in a list response.
    :param entry_key: key of the object in the response to a write. :param name: regular expression of a new name, and
        its longest length.
    :param created: whether POST creates an object; otherwise PUT does. :param update: path of PUT below the object.
    :param roles: admin roles that may write. :param readers: admin roles that may read.
    :param view: what a read returns for an entry.
    """

    segment: str
    title: str
    body: Body
    describes: str
    lists: tuple[str, str, str]
    entry_key: str
    name: tuple[str, int] = (bodies.NAME, 63)
    variable: str = "name"
    name_field: str = "Name"
    operation_field: str = "Operation"
    candidate_default: bool = True
    running_default: bool = False
    created: bool = True
    update: str = ""
    roles: frozenset[AdminRole] = RULESTACK_ADMINS
    readers: frozenset[AdminRole] = READERS
    view: Callable[[Entry], dict[str, Any]] = _same

    @property
    def item(self) -> str:
        """Path of one object below the rulestack."""
        return f"{self.segment}/{{{self.variable}}}"

    def table(self, call: Call) -> str:
        """Name of the table that holds the objects of the called list."""
        return self.segment

    def key(self, call: Call) -> Any:
        """The key of the called object."""
        return call.path[self.variable]

    def new_key(self, call: Call) -> Any:
        """The key of an object that the body of a POST names.

        :raises ServiceError: it is missing or invalid.
        """
        name = lookup(call.document, "Name")
        if name is None:
            raise ServiceError("InvalidRequestException", "invalid request: Name is required")
        return text(*self.name)(name, "Name")

    def document(self, call: Call) -> Mapping[str, Any]:
        """The object in the body of a POST or PUT, with its UpdateToken."""
        return call.document

    def entry(self, call: Call) -> dict[str, Any]:
        """The entry to store for the body of a POST or PUT.

        :raises ServiceError: the body is invalid.
        """
        document = self.document(call)
        return self.body.parse({key: value for key, value in document.items() if key.lower() not in IDENTITY})

    def place(self, call: Call, key: Any) -> dict[str, Any]:
        """The fields of a response that name one object."""
        return {self.name_field: key}

    def list_place(self, call: Call) -> dict[str, Any]:
        """The fields of a list response that name the list."""
        return {}

    def brief(self, key: Any, entry: Entry) -> Any:
        """An object in a list response."""
        return key

    def change(self, key: Any, entry: Entry, operation: str) -> dict[str, Any]:
        """An object in the list of uncommitted changes."""
        return {"Name": key, self.operation_field: operation}

    def called(self, key: Any) -> str:
        """The object in messages."""
        return f'{self.title} "{key}"'


class RuleLists(Kind):
    """Security rules: three lists per rulestack, keyed by priority."""

    @property
    def item(self) -> str:
        return f"{self.segment}/priorities/{{{self.variable}}}"

    def table(self, call: Call) -> str:
        name = call.path["rulelistname"]
        if name not in RULE_LISTS:
            expected = ", ".join(RULE_LISTS)
            raise ServiceError("InvalidRequestException", f"invalid request: rule list must be one of {expected}")
        return name

    def key(self, call: Call) -> Any:
        sent = call.path[self.variable]
        if not sent.isascii() or not sent.isdecimal() or not 1 <= int(sent) <= 1_000_000:
            raise ServiceError("InvalidRequestException", "invalid request: priority must be from 1 to 1000000")
        return int(sent)

    def new_key(self, call: Call) -> Any:
        priority = lookup(call.document, "Priority")
        if priority is None:
            raise ServiceError("InvalidRequestException", "invalid request: Priority is required")
        return integer(1, 1_000_000)(priority, "Priority")

    def document(self, call: Call) -> Mapping[str, Any]:
        entry = lookup(call.document, "RuleEntry")
        if entry is None and call.request.method == "DELETE":
            return {}
        if not isinstance(entry, dict):
            raise ServiceError("InvalidRequestException", "invalid request: RuleEntry is required")
        return entry

    def entry(self, call: Call) -> dict[str, Any]:
        """The entry; without a port list, the default protocol."""
        entry = super().entry(call)
        default = {} if "ProtPortList" in entry else {"Protocol": "application-default"}
        return {**default, **entry}

    def place(self, call: Call, key: Any) -> dict[str, Any]:
        return {"RuleListName": self.table(call), "Priority": key}

    def list_place(self, call: Call) -> dict[str, Any]:
        return {"RuleListName": self.table(call)}

    def brief(self, key: Any, entry: Entry) -> Any:
        return {"Priority": key, "RuleName": entry["RuleName"]}

    def change(self, key: Any, entry: Entry, operation: str) -> dict[str, Any]:
        return {**self.brief(key, entry), "Operation": operation}

    def called(self, key: Any) -> str:
        return f"rule with priority {key}"


def _url_category(entry: Entry) -> dict[str, Any]:
    """Nested as in the specification, and flat as the SDK reads it."""
    return {"URLCategoryEntry": {**entry}, **entry}


def _rule(entry: Entry) -> dict[str, Any]:
    """The feeds of the category in the specification's and in the SDK's spelling."""
    category = entry["Category"]
    feeds = {"Feeds": category["IntelligentFeeds"]} if "IntelligentFeeds" in category else {}
    return {**entry, "Category": {**category, **feeds}}


def _names(prefix: str) -> tuple[str, str, str]:
    return f"{prefix}Candidate", f"{prefix}Running", f"{prefix}Uncommitted"


CERTIFICATES = Kind(
    "certificates",
    "certificate object",
    bodies.CERTIFICATE,
    "CertificateObject",
    _names("CertificateObject"),
    "CertificateObjectEntry",
)
PREFIX_LISTS = Kind(
    "prefixlists",
    "prefix list",
    bodies.PREFIX_LIST,
    "PrefixList",
    _names("PrefixList"),
    "PrefixListEntry",
    name=(bodies.NAME, 58),
)
FQDN_LISTS = Kind(
    "fqdnlists",
    "fqdn list",
    bodies.FQDN_LIST,
    "FqdnList",
    _names("FqdnList"),
    "FqdnListEntry",
    name=(bodies.NAME, 58),
    operation_field="operation",
)
FEEDS = Kind("feeds", "intelligent feed", bodies.FEED, "Feed", _names("Feed"), "FeedEntry")
URL_CATEGORIES = Kind(
    "urlcustomcategories",
    "custom url category",
    bodies.URL_CATEGORY,
    "URLCategory",
    _names("Categories"),
    "CustomURLEntry",
    name=("[a-zA-Z][0-9a-zA-Z-]*", 29),
    candidate_default=False,
    running_default=True,
    view=_url_category,
)
FILE_TYPES = Kind(
    "fileblockingprofiles/custom/filetypes",
    "file type",
    bodies.FILE_TYPE,
    "FileBlocking",
    _names("FileBlocking"),
    "FileBlockingEntry",
    variable="type",
    name_field="FileType",
    created=False,
)
CATEGORY_OVERRIDES = Kind(
    "urlfilteringprofiles/custom/urlcategories",
    "url category",
    bodies.CATEGORY_OVERRIDE,
    "URLCategory",
    ("Candidate", "Running", "CategoriesUncommitted"),
    "URLCategoryEntry",
    created=False,
    update="/action",
    roles=LOCAL_ADMIN,
    readers=LOCAL_ADMIN,
)
RULES = RuleLists(
    "rulelists/{rulelistname}",
    "rule",
    bodies.RULE,
    "RuleEntry",
    _names("RuleEntry"),
    "RuleEntry",
    variable="priority",
    view=_rule,
)
KINDS = (
    CERTIFICATES,
    PREFIX_LISTS,
    FQDN_LISTS,
    FEEDS,
    URL_CATEGORIES,
    FILE_TYPES,
    CATEGORY_OVERRIDES,
    RULES,
)
TABLES = (*(kind.segment for kind in KINDS if kind is not RULES), *RULE_LISTS)
