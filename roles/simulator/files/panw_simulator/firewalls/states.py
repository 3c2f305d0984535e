# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""States of a firewall on the simulator's clock.

CREATING, UPDATING and DELETING end after their seconds. Pending endpoints are decided ``endpoint_seconds`` after the creation
or update, rulestacks are committed on the device ``commit_seconds`` after it, or after the association or their own commit.
"""

from __future__ import annotations

from ..settings import Firewalls
from .endpoints import rejection
from .model import DEVICE, KINDS, UNBORN, Commit, Firewall, Job

DURATIONS = {
    "create": "create_seconds",
    "update": "update_seconds",
    "delete": "delete_seconds",
    "endpoints": "endpoint_seconds",
}
STATES = {"create": "CREATING", "update": "UPDATING", "delete": "DELETING"}


def start(firewall: Firewall, name: str, now: float, settings: Firewalls) -> None:
    """Start to create, update or delete a firewall."""
    firewall.status = STATES[name]
    firewall.failure_reason = ""
    firewall.jobs[name] = Job(now, getattr(settings, f"{name}_failure"))


def start_commit(firewall: Firewall, kind: str, now: float, settings: Firewalls) -> None:
    """Start the commit of a rulestack, and with it that of the device; while the firewall is created, both wait for its end."""
    for key in dict.fromkeys((kind, DEVICE)):
        commit = firewall.commits.setdefault(key, Commit("Committing"))
        commit.status = "Committing"
        if firewall.status not in UNBORN:
            firewall.jobs[key] = Job(now, settings.commit_failure)


def settle(firewall: Firewall, now: float, settings: Firewalls, everything: bool = False) -> int:
    """Finish what has run long enough, or everything, with all that follows from it, and return the number of jobs."""
    finished = 0
    while not firewall.deleted:
        due = [(name, end) for name in firewall.jobs if (end := _end(firewall, name, now, settings, everything)) <= now]
        if not due:
            break
        for name, end in due:
            _finish(firewall, name, firewall.jobs.pop(name), end, settings)
        finished += len(due)
    return finished


def _end(firewall: Firewall, name: str, now: float, settings: Firewalls, everything: bool) -> float:
    seconds = getattr(settings, DURATIONS.get(name, "commit_seconds"))
    if everything:
        return now
    return float("inf") if seconds is None else float(firewall.jobs[name].started + seconds)


def _finish(firewall: Firewall, name: str, job: Job, end: float, settings: Firewalls) -> None:
    if name == "endpoints":
        _decide(firewall, job)
    elif name not in STATES:
        _finish_commit(firewall.commits[name], job, end)
    elif job.failure is not None:
        firewall.status, firewall.failure_reason = f"{name.upper()}_FAIL", job.failure
    elif name == "delete":
        firewall.deleted = True
    else:
        firewall.status = f"{name.upper()}_COMPLETE"
        _deploy(firewall, end, settings)


def _decide(firewall: Firewall, job: Job) -> None:
    for endpoint in firewall.endpoints:
        if endpoint["Status"] == "Pending":
            reason = job.failure or rejection(firewall, endpoint)
            endpoint["Status"] = "Rejected" if reason else "Accepted"
            endpoint["RejectedReason"] = reason or ""


def _finish_commit(commit: Commit, job: Job, end: float) -> None:
    """End a commit. Its time is later than its start in whole seconds: that is how the vendor's Go SDK recognizes a new one."""
    commit.status = "Success" if job.failure is None else "Failed"
    commit.messages = [] if job.failure is None else [job.failure]
    commit.moment = max(int(end), int(job.started) + 1, (commit.moment or 0) + 1)


def _deploy(firewall: Firewall, now: float, settings: Firewalls) -> None:
    if any(endpoint["Status"] == "Pending" for endpoint in firewall.endpoints):
        firewall.jobs["endpoints"] = Job(now, settings.endpoint_rejection)
    for kind in KINDS.values():
        commit = firewall.commits.get(kind)
        if commit and commit.status == "Committing" and kind not in firewall.jobs:
            start_commit(firewall, kind, now, settings)
    start_commit(firewall, DEVICE, now, settings)
