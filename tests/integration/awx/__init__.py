# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated service for AWX 24.6.1, as far as the patterns use it: its API, and its handling of jobs and workflows.

C(schema.json) holds the fields of each endpoint as the API's OPTIONS describes them. The modules of this package model from AWX's code what
OPTIONS does not describe: surveys, credential types, links, permissions, updates of projects and inventories, slices, queueing, and the status
of workflows. Docstrings name the class or method of AWX whose rule they model.
The simulated service rejects unknown fields, which AWX would silently ignore.
"""
