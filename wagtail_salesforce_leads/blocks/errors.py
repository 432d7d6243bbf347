"""Problems of a form as block errors, each at the place that an editor has to change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from wagtail_salesforce_leads.publishing.problem import Problem

from .mapping import MappingErrors

#: Children that no editor sees: what is wrong with them is said of their parent.
UNSEEN = {"key", "form_key"}


def as_block_error(problems: Iterable[Problem]) -> StructBlockValidationError | None:
    """The error of a LeadFormBlock, or None where none of the problems is an error."""
    by_child = _grouped(
        [(problem.path, problem.message) for problem in problems if problem.is_error]
    )
    if not by_child:
        return None
    return _struct(by_child, {"fields": _stream, "salesforce": _integration})


Said = tuple[tuple[Any, ...], str]


def _grouped(said: Iterable[Said]) -> dict[Any, list[Said]]:
    """By the first step of the path; None for what is said of the block itself."""
    groups: dict[Any, list[Said]] = defaultdict(list)
    for path, message in said:
        step = path[0] if path and path[0] not in UNSEEN else None
        groups[step].append((path[1:], message))
    return groups


def _struct(by_child: dict[Any, list[Said]], makers: dict[str, Any]) -> StructBlockValidationError:
    own = [message for _, message in by_child.pop(None, [])]
    errors = {name: makers.get(name, _leaf)(said) for name, said in by_child.items()}
    return StructBlockValidationError(block_errors=errors, non_block_errors=own)


def _stream(said: list[Said]) -> StreamBlockValidationError:
    by_index = _grouped(said)
    own = [message for _, message in by_index.pop(None, [])]
    errors = {index: _struct(_grouped(of_field), {}) for index, of_field in by_index.items()}
    return StreamBlockValidationError(block_errors=errors, non_block_errors=own)


def _integration(said: list[Said]) -> StructBlockValidationError:
    return _struct(_grouped(said), {"mapping": _mapping})


def _mapping(said: list[Said]) -> MappingErrors:
    by_row = _grouped(said)
    own = [message for _, message in by_row.pop(None, [])]
    rows = {row: [message for _, message in of_row] for row, of_row in by_row.items()}
    return MappingErrors(rows, own)


def _leaf(said: list[Said]) -> ValidationError:
    return ValidationError([message for _, message in said])
