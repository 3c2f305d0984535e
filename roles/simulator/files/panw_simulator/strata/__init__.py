# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for Strata Cloud Manager (OAuth, identity, subscriptions) and for the WildFire public API.

Four endpoints: ``auth`` gives access tokens, ``scm`` serves identity, tenancy and subscriptions, ``wildfire`` the public
API, and ``registry`` the list of WildFire keys. The vendor publishes no API for that list: the registry's contract is this
simulator's own, in ``registry.yml`` beside the seed.

Decisions where the vendor's public texts leave room:

- A scope outside the account's access is refused as ForgeRock's Access Management does it: 400, ``invalid_scope``.
- The identity API answers errors in the form that its sibling, the tenancy API, documents; a second service account,
  role or policy of the same name is a 409, and so is deleting a custom role that is assigned.
- A reset kills the old client secret; access tokens that were issued before it live on until they expire. A deleted
  account's tokens die with it.
- WildFire proves the caller before it looks at the arguments. An access token that is expired, or whose account is bound to
  no valid key, is refused as a wrong API key is.
- A key of the registry works as ``apikey``, too, with an ``agent``; so does a legacy key of more than 32 characters.
- One request counts as one query, however many hashes it carries, and only where it succeeds; the day ends at 00:00 UTC.
- Only a superuser may create or revoke keys; every role of the tenant may list them.
- Licences and instances name WildFire ``wildfire`` and ``advanced_wildfire``: no such name is documented.

Not played: users, permissions and permission sets of the identity API, and what predefined roles hold; writing tenancy and subscriptions; of
WildFire submissions other than files, samples, packet captures, web artefacts and changed verdicts.
"""
