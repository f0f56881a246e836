"""A form as it stands with some entries: what is shown, required, computed, refused. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.authority import Actor
from engine.casebook.views import Sheet
from engine.release import Release
from engine.shelf import context_of
from engine.values import Value
from forms import AnswersRefused, Form


def sheet_of(
    form: Form,
    answers: Mapping[str, Any],
    document: Mapping[str, Value],
    actor: Actor,
    *,
    release: Release,
    now: datetime,
) -> Sheet:
    """The form of a release with these entries, over what the case already says."""
    context = context_of(release, now)
    errors: Mapping[str, list[str]] = {}
    try:
        values = form.accept(answers, document=document, context=context, lang=actor.locale)
    except AnswersRefused as refused:
        errors = refused.errors
        fit = {name: value for name, value in answers.items() if name not in {p.partition(".")[0] for p in errors}}
        try:
            values = form.accept(fit, document=document, context=context, lang=actor.locale, draft=True)
        except AnswersRefused:
            values = {}
    return Sheet(asked=form.asked(values, document, context), values=values, errors=errors)
