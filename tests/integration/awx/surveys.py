# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The surveys that AWX accepts, and the answers to them."""

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
    """Check a survey. :raises Refused: AWX would reject it."""
    for name, kind in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(survey.get(name), kind):
            raise Refused({"error": f"Field '{name}' is missing from survey spec, or is not of type {kind.__name__}."})
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
            return f"'{name}' is missing or is not of type {kind.__name__}"
    if question["type"] not in TYPES:
        return f"type '{question['type']}' is unknown"
    if any(question.get(limit) is not None and not isinstance(question[limit], int) for limit in ("min", "max")):
        return "a limit is not an integer"
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
    return f"defaults {sorted(unknown)} are not among the choices" if unknown else None


def survey_of(template: dict[str, Any]) -> dict[str, Any]:
    """The enabled survey of a template."""
    return template["survey_spec"] if template.get("survey_enabled") else {}


def problem_of(question: dict[str, Any], answer: Any) -> str | None:
    """The problem of an answer, if any (SurveyJobTemplateMixin._survey_element_validation)."""
    kind, name = question["type"], question["variable"]
    if kind == "multiselect":
        if not isinstance(answer, list):
            return f"'{name}' value is expected to be a list."
        unknown = set(answer) - set(question["choices"])
        return f"'{name}': {sorted(unknown)} are not among the choices" if unknown else None
    if not isinstance(answer, TYPES[kind]) or isinstance(answer, bool):
        return f"'{name}' is of the wrong type"
    if kind == "multiplechoice":
        return None if answer in question["choices"] else f"'{name}' is not among the choices"
    size = len(answer) if isinstance(answer, str) else answer
    lowest, highest = question.get("min"), question.get("max")
    if (lowest is not None and size < lowest) or (highest is not None and size > highest):
        return f"'{name}' is out of its limits"
    return None


def problems_of(survey: dict[str, Any], answers: dict[str, Any], *, required: bool = True) -> list[str]:
    """The problems of the answers of a launch, a schedule or a node (SurveyJobTemplateMixin._accept_or_ignore_variables)."""
    questions = {question["variable"]: question for question in survey.get("spec", [])}
    problems = [f"'{name}' is not asked for" for name in answers if name not in questions]
    for name, question in questions.items():
        if name in answers:
            problems += filter(None, [problem_of(question, answers[name])])
        elif question["required"] and required:
            problems.append(f"'{name}' value missing")
    return problems


def check_answers(survey: dict[str, Any], answers: dict[str, Any]) -> None:
    """Check answers. :raises Refused: they do not match the survey."""
    problems = problems_of(survey, answers)
    if problems:
        raise Refused({"variables_needed_to_start": problems})


def defaults_of(survey: dict[str, Any]) -> dict[str, Any]:
    """The defaults that a job gets (SurveyJobTemplateMixin._update_unified_job_kwargs).

    Invalid answers are dropped silently: the default of a multiselect question is a string, but its answer is a list.
    """
    questions = [question for question in survey.get("spec", []) if question.get("default") is not None]
    return {
        question["variable"]: question["default"]
        for question in questions
        if problem_of(question, question["default"]) is None
    }
