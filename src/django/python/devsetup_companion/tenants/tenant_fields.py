"""What a required field of a tenant or domain model can be filled with when nobody said it."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Set

from django.db import DatabaseError, connections, models, router
from django.utils.text import slugify

from devsetup_companion.errors import CompanionFailure
from devsetup_companion.tenants.harmless import harmless_value

#: Required text fields that take the given name.
NAME_LIKE = {"name", "title", "label", "display_name", "full_name", "verbose_name"}
#: Before `_name`: words for "the tenant", so `company_name` takes the name and `contact_name` does not.
TENANT_WORDS = {"tenant", "client", "customer", "company", "organization", "organisation", "org", "school", "team"}


class Known(NamedTuple):
    """What is known of the tenant or domain to create."""

    #: Field name → value, from configuration or from what the model of django-tenants prescribes.
    given: Dict[str, Any]
    name: str
    schema: str
    #: Field name → the values it may have, where only the user can choose.
    chosen: Dict[str, List[str]] = {}


class Filled(NamedTuple):
    """Values by attribute name, those of them that stand for nothing but "no value", and the fields that nothing is known for."""

    values: Dict[str, Any]
    harmless: Dict[str, Any]
    missing: List[Dict[str, Any]]
    #: What follows from the name and the schema of the tenant, by attribute name.
    derived: Dict[str, Any] = {}

    def judged(self) -> Set[str]:
        """The attributes that the model's validation is asked about: an empty value is meant here, whatever `blank` says."""
        return {name for name in self.values if name not in self.harmless or self.harmless[name] not in _EMPTY}


_EMPTY: List[Any] = ["", b"", [], {}]


def fill(model: Any, known: Known, prefix: str = "") -> Filled:
    """A value for every field that needs one; a field with a default, NULL or an allowed empty text needs none."""
    values: Dict[str, Any] = {}
    harmless: Dict[str, Any] = {}
    missing: List[Dict[str, Any]] = []
    all_derived: Dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name in known.given or field.attname in known.given:
            values[field.attname] = known.given.get(field.name, known.given.get(field.attname))
        elif field.name in known.chosen:
            missing.append({**describe_field(field, prefix), "choices": known.chosen[field.name]})
        elif not _fills_itself(field):
            derived = _derive(model, field, known)
            if derived is not None:
                values[field.attname] = all_derived[field.attname] = derived
                continue
            value = harmless_value(field)
            if value is None:
                missing.append(describe_field(field, prefix))
            else:
                values[field.attname] = harmless[field.attname] = value
    return Filled(values, harmless, missing, all_derived)


def check_names(model: Any, given: Dict[str, Any], prefix: str = "") -> None:
    """Raises TENANT_FIELDS_UNKNOWN for names in the configuration that the model does not have."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    existing = {field.name for field in fields} | {field.attname for field in fields}
    unknown = sorted(set(given) - existing - {model._meta.pk.name})
    if unknown:
        names = sorted(prefix + field.name for field in fields)
        message = "%s has no field %s; it has %s" % (
            model._meta.label,
            ", ".join(prefix + name for name in unknown),
            ", ".join(names),
        )
        raise CompanionFailure(
            "TENANT_FIELDS_UNKNOWN", message, data={"fields": [prefix + n for n in unknown], "existing": names}
        )


def describe_field(field: Any, prefix: str = "") -> Dict[str, Any]:
    """A field as an error names it: what to call it in the configuration, its type and what its model says about it."""
    hint = str(field.help_text or "")
    if field.choices:
        hint = (hint + " One of: " + ", ".join(str(key) for key, _ in field.flatchoices)).strip()
    elif field.remote_field is not None:
        hint = (hint + " Primary key of a " + field.remote_field.model._meta.label).strip()
    described: Dict[str, Any] = {"name": prefix + field.name, "type": field.__class__.__name__, "help": hint}
    if field.choices:
        described["choices"] = [str(key) for key, _ in field.flatchoices]
    return described if field.remote_field is None else {**described, "references": _referenced(field)}


def _referenced(field: Any) -> Dict[str, Any]:
    """What a key could be given of: the model, and the first keys there are. None of them: the table is empty, or not there yet."""
    model = field.remote_field.model
    alias = router.db_for_read(model)
    keys: List[str] = []
    try:
        with connections[alias].cursor() as cursor:
            tables = connections[alias].introspection.table_names(cursor)
    except DatabaseError:
        # There is no database yet: no rows either.
        tables = []
    if model._meta.db_table in tables:
        keys = [str(key) for key in model._base_manager.using(alias).order_by("pk").values_list("pk", flat=True)[:3]]
    return {"model": model._meta.label, "keys": keys}


def _fills_itself(field: Any) -> bool:
    no_database_default = models.NOT_PROVIDED
    return (
        field.null
        or field.has_default()
        or getattr(field, "db_default", no_database_default) is not no_database_default
        or getattr(field, "generated", False)
        or isinstance(field, models.AutoField)
        or getattr(field, "auto_now", False)
        or getattr(field, "auto_now_add", False)
        # Two tenants cannot have the same empty text.
        or (field.blank and field.empty_strings_allowed and not field.unique)
    )


def _derive(model: Any, field: Any, known: Known) -> Optional[Any]:
    """From the name and the schema of the tenant. None: they say nothing about this field."""
    if field.choices or field.remote_field is not None:
        return None
    if isinstance(field, (models.EmailField, models.URLField, models.FileField, models.FilePathField)):
        return None
    if isinstance(field, models.SlugField) or field.name == "slug":
        return _fitting(field, slugify(known.schema) or slugify(known.name))
    if isinstance(field, (models.CharField, models.TextField)):
        if _is_name(model, field.name):
            return _fitting(field, known.name)
        if field.unique:
            return _fitting(field, known.schema)
    return None


def _is_name(model: Any, name: str) -> bool:
    before, _, last = name.rpartition("_")
    return name in NAME_LIKE or (last == "name" and (before in TENANT_WORDS or before == model._meta.model_name))


def _fitting(field: Any, text: str) -> Optional[str]:
    fits = text != "" and (field.max_length is None or len(text) <= field.max_length)
    return text if fits else None
