# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for AWX 24.6.1, as far as the patterns use it: its API, and what it does with jobs and workflows.

C(schema.json) holds the fields of each endpoint as the API's own OPTIONS tells them. What OPTIONS does not tell is in the modules beside it,
after AWX's code: surveys, credential types, links, permissions, updates of projects and inventories, slices, queueing, and the status of
workflows. Docstrings name the class or method of AWX whose rule they model.
Where AWX would silently ignore a field that it does not know, the stand-in refuses it.
"""
