# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the reports of this collection have in common: their files, the shell of their page, its style and its script, and wording.

A page is a single file. It loads nothing, is readable without scripts, and its content security policy allows only its own script.

This file is private to the collection: its interface may change in any release.
"""
