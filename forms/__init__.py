"""Forms: what a task asks, accepts, computes and prints. One YAML file gives page, check and description."""

from forms.entry import EntryWrong
from forms.form import AnswersRefused, Asked, Form, text_of
from forms.reading import TYPES, Field, FieldFacts, Option

__all__ = ["TYPES", "AnswersRefused", "Asked", "EntryWrong", "Field", "FieldFacts", "Form", "Option", "text_of"]
