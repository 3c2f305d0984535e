# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated services for Strata Cloud Manager (OAuth, identity, subscriptions) and for the WildFire public API.

Four endpoints: ``auth`` issues access tokens, ``scm`` serves identity, tenancy and subscriptions, ``wildfire`` the public
API, and ``registry`` the list of WildFire keys. The vendor publishes no API for that list: the registry's API is specific to
this simulator and described in ``registry.yml`` next to the seed.

Design decisions for points that the vendor's documentation leaves open:

- A scope outside the account's access is rejected as in ForgeRock Access Management: 400, ``invalid_scope``.
- The identity API returns errors in the format that the tenancy API documents; creating a second service account, role or
  policy of the same name returns 409, and so does deleting an assigned custom role.
- A reset invalidates the old client secret; access tokens issued before it stay valid until they expire. Deleting an
  account invalidates its tokens.
- WildFire authenticates the caller before it validates the arguments. An access token that is expired, or whose account is
  bound to no valid key, is rejected like a wrong API key.
- A registry key also works as ``apikey`` with an ``agent``; so does a legacy key of more than 32 characters.
- One successful request counts as one query or upload, however many hashes or links it contains; the day ends at 00:00 UTC. Requests to
  review a verdict count as uploads, because their path begins with ``/submit``.
- WildFire analyzes a file once. The hash of a link is that of its URL. The first label of a link's host names its verdict, such as
  ``phishing.example.com``; all other links, and all files except the test files, are benign.
- An empty file fails to upload (513). Reports have the structure of real ones, without behavior. Only malware has packet captures.
- A request to review a verdict is recorded, and changes nothing; the administrator changes verdicts.
- Only a superuser may create or revoke keys; every role of the tenant may list them.
- Licenses and instances name WildFire ``wildfire`` and ``advanced_wildfire``: the real names are not documented.

Not simulated: users, permissions and permission sets of the identity API, and the permissions of predefined roles; write
operations of tenancy and subscriptions; downloads of submitted URLs, other than those of the seed; local verdict changes of
WildFire appliances.
"""
