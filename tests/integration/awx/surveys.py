# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX accepts as a survey, and as answers to it."""

from __future__ import annotations

from typing import Any

from .schema import Refused

TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": str,
    "integer": int,
    "float": (float, int),
}


def check_survey(survey: Any) -> None:
    """:raises Refused: AWX would not take it."""
    for name, kind in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(survey.get(name), kind):
            raise Refused({"error": f"Field '{name}' is missing from survey spec, or is no {kind.__name__}."})
    if not survey["spec"]:
        raise Refused({"error": "'spec' doesn't contain any items."})
    variables = [question.get("variable") for question in survey["spec"]]
    if len(variables) != len(set(variables)):
        raise Refused({"error": "'variable' duplicated in survey."})
    for question in survey["spec"]:
        problem = _wrong(question)
        if problem:
            raise Refused({"error": f"survey question '{question.get('variable')}': {problem}"})


def _wrong(question: dict[str, Any]) -> str | None:
    for name, kind in (("type", str), ("question_name", str), ("variable", str), ("required", bool)):
        if not isinstance(question.get(name), kind):
            return f"'{name}' is missing or is no {kind.__name__}"
    if question["type"] not in TYPES:
        return f"type '{question['type']}' is unknown"
    if any(question.get(limit) is not None and not isinstance(question[limit], int) for limit in ("min", "max")):
        return "a limit is no integer"
    default = question.get("default", "")
    if default != "" and not isinstance(default, TYPES[question["type"]]):
        return f"default {default!r} is of the wrong type"
    if question["type"] in ("multiplechoice", "multiselect"):
        return _wrong_choices(question, default.splitlines())
    return None


def _wrong_choices(question: dict[str, Any], chosen: list[str]) -> str | None:
    if not question.get("choices"):
        return "choices are missing"
    if question["type"] == "multiplechoice" and len(chosen) > 1:
        return "more than one default"
    unknown = set(chosen) - set(question["choices"])
    return f"defaults {sorted(unknown)} are no choices" if unknown else None


def check_answers(survey: dict[str, Any], answers: dict[str, Any]) -> None:
    """:raises Refused: a schedule's or a launch's answers do not fit the survey."""
    questions = {question["variable"]: question for question in survey.get("spec", [])}
    problems = [f"'{name}' is not asked for" for name in answers if name not in questions]
    for name, question in questions.items():
        if name not in answers:
            if question["required"]:
                problems.append(f"'{name}' value missing")
        elif question["type"] == "integer":
            if not question["min"] <= answers[name] <= question["max"]:
                problems.append(f"'{name}' is out of its limits")
        elif question["type"] == "multiplechoice" and answers[name] not in question["choices"]:
            problems.append(f"'{name}' is no choice")
    if problems:
        raise Refused({"variables_needed_to_start": problems})
