"""
The values of required fields that neither the configuration nor the model gives. A value is harmless if it reaches nobody, costs
nothing, gives no rights, and nothing ends because of it. An email address, a user, an amount of money and a key of another row never are.
"""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any, Callable, List, Optional, Tuple, Type

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

#: For dates at which something ends; near the end of the calendar, arithmetic with time zones overflows.
DISTANT = datetime.datetime(2099, 12, 31)

#: Fields that stand for a person or for money, whatever their type.
_NEVER = frozenset("email mail user username owner password price amount cost fee fees balance salary credit currency".split())
_PAST = frozenset("created start started starts since from joined opened founded registered begin begins birth updated modified".split())


def harmless_value(field: Any) -> Optional[Any]:
    """None: there is no such value for this field."""
    if field.remote_field is not None:
        return None
    if field.unique:
        # The second tenant could not have the same.
        return uuid.uuid4() if isinstance(field, models.UUIDField) else None
    if field.choices:
        return next((key for key, _ in field.flatchoices if key not in (None, "")), None)
    if _words(field.name) & _NEVER or isinstance(field, (models.EmailField, models.DecimalField)):
        return None
    value = next((make(field) for kind, make in _BY_TYPE if isinstance(field, kind)), None)
    if value is None and hasattr(field, "base_field"):
        return []
    return {} if value is None and field.get_internal_type() == "HStoreField" else value


def _number(field: Any) -> Optional[int]:
    """0, or 1 where the validators of the field refuse 0."""
    return next((number for number in (0, 1) if _accepts(field, number)), None)


def _accepts(field: Any, value: Any) -> bool:
    try:
        field.run_validators(value)
    except ValidationError:
        return False
    return True


def _moment(field: Any) -> datetime.datetime:
    """Now for something that has started; else far away, so that a subscription does not end on the day it starts."""
    if _words(field.name) & _PAST:
        return timezone.now()
    return timezone.make_aware(DISTANT) if _is_aware() else DISTANT


def _is_aware() -> bool:
    return timezone.is_aware(timezone.now())


def _words(name: str) -> "frozenset[str]":
    return frozenset(re.findall(r"[a-z]+", name.lower()))


_BY_TYPE: List[Tuple[Type[Any], Callable[[Any], Any]]] = [
    (models.BooleanField, lambda _field: False),
    (models.DateTimeField, _moment),
    (models.DateField, lambda field: _moment(field).date()),
    (models.TimeField, lambda _field: datetime.time()),
    (models.DurationField, lambda _field: datetime.timedelta()),
    (models.IntegerField, _number),
    (models.FloatField, lambda _field: 0.0),
    (models.UUIDField, lambda _field: uuid.uuid4()),
    (models.JSONField, lambda _field: {}),
    (models.BinaryField, lambda _field: b""),
    # What Django itself writes where no text, no address and no file is given.
    (models.CharField, lambda _field: ""),
    (models.TextField, lambda _field: ""),
    (models.FileField, lambda _field: ""),
    (models.FilePathField, lambda _field: ""),
]
