"""A column of card numbers or barcodes: written and looked for in capitals, by whatever way."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

from shufang.kernel.numbers import as_number

if TYPE_CHECKING:
    _Text = models.CharField[str, str]
else:
    _Text = models.CharField


class NumberField(_Text):
    """Text that `as_number` folds before it is stored or compared. Statements of our own fold their values themselves."""

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Stand in migrations as the plain column that it is."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001  # Django's own signature
        """Give the row in memory the number that is stored."""
        number = as_number(str(super().pre_save(model_instance, add)))
        setattr(model_instance, self.attname, number)
        return number

    def get_prep_value(self, value: object) -> object:
        """Fold what is compared or written."""
        prepared = super().get_prep_value(value)
        return as_number(prepared) if isinstance(prepared, str) else prepared
