# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Caches for forked runs: ansible-core compiles the same templates, plugins and modules and parses the same metadata in each process."""

from __future__ import annotations

import ast
import functools
import hashlib
import marshal
import os
import zipimport
from collections.abc import Callable
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any

# What determines the tokens of a template, jinja2.lexer.get_lexer.
LEXING = (
    "block_start_string",
    "block_end_string",
    "variable_start_string",
    "variable_end_string",
    "comment_start_string",
    "comment_end_string",
    "line_statement_prefix",
    "line_comment_prefix",
    "trim_blocks",
    "lstrip_blocks",
    "newline_sequence",
    "keep_trailing_newline",
)


class Compiled:
    """Bytecode of this version of Python in files, shared by all processes."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / MAGIC_NUMBER.hex()
        self._directory.mkdir(parents=True, exist_ok=True)

    def get(self, key: object, compile_it: Callable[[], Any]) -> Any:
        """The bytecode for a key, compiled if it is new."""
        file = self._directory / hashlib.sha256(repr(key).encode()).hexdigest()
        try:
            return marshal.loads(file.read_bytes())  # noqa: S302 - written below
        except FileNotFoundError:
            code = compile_it()
        new = file.with_suffix(f".{os.getpid()}")
        new.write_bytes(marshal.dumps(code))
        new.rename(file)
        return code


def cache_templates(compiled: Compiled) -> None:
    """Cache the templates that compile to the same code each time: an optimizing environment runs filters on constants."""
    import ansible
    import jinja2

    versions = (ansible.__version__, jinja2.__version__)
    compile_template = jinja2.Environment.compile

    def compile_once(self: Any, source: Any, *arguments: Any, **more: Any) -> Any:
        if self.optimized or not isinstance(source, str):
            return compile_template(self, source, *arguments, **more)
        settings = [getattr(self, name) for name in LEXING]
        key = ("template", versions, str(source), arguments, sorted(more.items()), type(self), settings, _escaping())
        return compiled.get(key, lambda: compile_template(self, source, *arguments, **more))

    jinja2.Environment.compile = compile_once


def _escaping() -> bool | None:
    """Whether ansible-core 2.19 and newer double backslashes in the template that it is compiling."""
    from ansible._internal._templating._jinja_bits import _TemplateCompileContext

    context = _TemplateCompileContext.current(optional=True)
    return context.escape_backslashes if context else None


def cache_collections(compiled: Compiled) -> None:
    """Cache the plugins of collections, and the metadata of ansible-core, which takes longest to parse."""
    import ansible
    from ansible.utils.collection_loader import _collection_finder as finder

    def compile_once(source: Any, filename: str, **more: Any) -> Any:
        key = ("plugin", source, filename, sorted(more.items()))
        return compiled.get(key, lambda: compile(source, filename, **more))

    finder.compile = compile_once
    parse = finder._meta_yml_to_dict = functools.cache(finder._meta_yml_to_dict)
    metadata = Path(ansible.__file__).parent / "config/ansible_builtin_runtime.yml"
    parse(metadata.read_bytes(), ("ansible.builtin", "runtime.yml"))


def cache_dependencies(compiled: Compiled) -> None:
    """Cache the imports in sources of modules and module_utils, all that ansible-core looks for in their syntax trees to build an archive."""
    from ansible.executor import module_common

    def parse_once(source: str | bytes, filename: str, mode: str, flags: int) -> ast.Module:
        text = bytes(source, "utf-8") if isinstance(source, str) else bytes(source)
        key = ("imports", text)
        found = compiled.get(key, lambda: imports_of(compile(source, filename, mode, flags)))  # type: ignore[arg-type]
        return ast.parse(found)

    module_common.compile = parse_once


def imports_of(tree: ast.Module) -> str:
    """A program with the imports of another one, those that are not at its top level in a block, and the metadata of a module."""
    metadata = [node for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets) == "METADATA"]
    top = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    others = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) and node not in top]
    block = [ast.If(ast.Constant(value=True), others, [])] if others else []
    return ast.unparse(ast.Module([*metadata, *top, *block], []))


def load_plugins() -> None:
    """Load the plugins of ansible-core, most of which each playbook loads, with the definitions of their options."""
    from ansible.plugins import loader

    for kind in ("action", "become", "callback", "connection", "inventory", "shell", "strategy", "vars"):
        list(getattr(loader, f"{kind}_loader").all(class_only=True))
    for kind in ("filter", "test"):
        list(getattr(loader, f"{kind}_loader").all())


def cache_archives(compiled: Compiled) -> None:
    """Cache what modules' archives contain, which are only sources."""
    compile_source = zipimport._compile_source  # type: ignore[attr-defined]

    def compile_once(path: str, source: bytes) -> Any:
        return compiled.get(("archive", source), lambda: compile_source(path, source))

    zipimport._compile_source = compile_once  # type: ignore[attr-defined]
