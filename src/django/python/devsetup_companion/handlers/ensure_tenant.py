"""`ensure-tenant`: the row of a tenant and its domain, through the project's own models."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, Optional

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from devsetup_companion.tenants import tenant_database
from devsetup_companion.errors import CompanionFailure
from devsetup_companion.migrations.atomic_records import record_in_transaction
from devsetup_companion.migrations.migration_events import recording_migrations
from devsetup_companion.migrations.worker_lock import holding_worker_lock
from devsetup_companion.tenants.schema_creation import create_missing_schema, guard_schema_creation
from devsetup_companion.tenants.tenancy import tenant_types, uses_tenant_schemas
from devsetup_companion.tenants.tenant_fields import Filled, Known, check_names, fill

Progress = Callable[[Dict[str, Any]], None]

#: In the configured fields: what comes after it is a field of the domain model.
DOMAIN_PREFIX = "domain."


def ensure_tenant(params: Dict[str, Any], progress: Progress) -> Dict[str, Any]:
    """
    `ensure-tenant` of the protocol. Creating a tenant other than the public one creates and migrates its schema, as the
    model's own `save` does; a model with `auto_create_schema = False` leaves that to its `create_schema`. Raises TENANT_FIELDS_MISSING, TENANT_FIELDS_UNKNOWN, TENANT_FIELDS_INVALID, DOMAIN_TAKEN,
    TENANT_TABLE_MISSING (not with `check`), SCHEMA_MISSING and TENANCY_OFF. With `offline`, as if there were no table: no database is asked.
    """
    record_in_transaction()
    # Before the first connection: the lock belongs to every one that is opened inside.
    with holding_worker_lock(None if params.get("check") else params.get("workerLock"), params.get("shardLock")):
        return _ensure(params, progress)


def _ensure(params: Dict[str, Any], progress: Progress) -> Dict[str, Any]:
    if not uses_tenant_schemas():
        raise CompanionFailure("TENANCY_OFF", "This project does not keep tenants in schemas")
    guard_schema_creation()
    connection = tenant_database.tenant_connection()
    connection.set_schema_to_public()
    schema, check = str(params["schema"]), bool(params.get("check"))
    kind = tenant_database.type_field()
    given = dict(params.get("fields") or {})
    domain_given = {k[len(DOMAIN_PREFIX) :]: given.pop(k) for k in list(given) if k.startswith(DOMAIN_PREFIX)}
    model, domain_model = tenant_database.tenant_model(), tenant_database.domain_model()
    check_names(model, given)
    if domain_model is not None:
        check_names(domain_model, domain_given, DOMAIN_PREFIX)
    has_table = not params.get("offline") and bool(tenant_database.columns(connection, model))
    if not has_table and not check:
        raise CompanionFailure("TENANT_TABLE_MISSING", "The table %s of TENANT_MODEL does not exist." % model._meta.db_table)

    tenant = model._base_manager.using(connection.alias).filter(schema_name=schema).first() if has_table else None
    domain = params.get("domain") if domain_model is not None else None
    needs_domain = bool(domain) and not (has_table and _has_domain(connection, domain_model, str(domain), tenant, schema))
    types = [name for name in tenant_types() if name != tenant_database.public_schema()] if kind is not None else []
    given = _known_of(schema, kind, params.get("tenantType"), types, given)
    chosen = {} if kind is None or kind in given else {kind: types}
    known = Known(given, str(params.get("name") or schema), schema, chosen)
    row = fill(model, known) if tenant is None else Filled({}, {}, [])
    domain_row = _fill_domain(domain_model, str(domain), domain_given) if needs_domain else Filled({}, {}, [])
    _refuse_missing(model, kind, row.missing + domain_row.missing)

    actions: List[str] = []
    outcome = "exists" if tenant is not None else "created"
    if tenant is None:
        actions.append("tenant " + schema + _shown(row))
        new = _accepted(model, row, schema) if has_table else model(**row.values)
        if not check:
            with recording_migrations(progress):
                new.save()
                connection.set_schema_to_public()
                if schema != tenant_database.public_schema() and not params.get("withoutSchema"):
                    create_missing_schema(connection, new)
            connection.set_schema_to_public()
            tenant = new
    if needs_domain:
        actions.append("domain %s%s" % (domain, _shown(domain_row)))
        outcome = "created" if outcome == "created" else "completed"
        if not check:
            _add_domain(connection, domain_model, tenant, domain_row)
    return {"outcome": outcome, "actions": actions}


def _known_of(
    schema: str, kind: Optional[str], tenant_type: Optional[str], types: List[str], given: Dict[str, Any]
) -> Dict[str, Any]:
    """Configured values, and those that follow from the tenant being this one."""
    if given.get("schema_name", schema) != schema:
        message = 'fields.schema_name says "%s" for the tenant "%s"' % (given["schema_name"], schema)
        raise CompanionFailure("TENANT_FIELDS_INVALID", message, data={"errors": {"schema_name": [message]}})
    known = {**given, "schema_name": schema}
    if kind is None:
        return known
    is_public = schema == tenant_database.public_schema()
    if kind not in known and (tenant_type or is_public or len(types) == 1):
        known[kind] = tenant_type or (schema if is_public else types[0])
    if kind in known and types and not is_public and known[kind] not in types:
        message = 'there is no tenant type "%s"; TENANT_TYPES has %s' % (known[kind], ", ".join(types))
        raise CompanionFailure("TENANT_FIELDS_INVALID", message, data={"errors": {kind: [message]}})
    return known


def _has_domain(connection: Any, model: Any, domain: str, tenant: Optional[Any], schema: str) -> bool:
    """Raises DOMAIN_TAKEN when the name is another tenant's."""
    if not tenant_database.columns(connection, model):
        return False
    row = model._base_manager.using(connection.alias).filter(domain=domain).first()
    if row is None:
        return False
    if tenant is not None and row.tenant_id == tenant.pk:
        return True
    owners = tenant_database.tenant_model()._base_manager.using(connection.alias)
    owner = owners.filter(pk=row.tenant_id).values_list("schema_name", flat=True).first()
    message = 'The domain "%s" belongs to the tenant "%s", so the tenant "%s" cannot have it' % (domain, owner, schema)
    raise CompanionFailure("DOMAIN_TAKEN", message, data={"domain": domain, "owner": owner, "schema": schema})


def _fill_domain(model: Any, domain: str, given: Dict[str, Any]) -> Filled:
    # tenant and is_primary are set when the domain is added: they depend on what is there by then.
    known = Known({**given, "domain": domain, "tenant": None, "is_primary": True}, domain, domain)
    filled = fill(model, known, DOMAIN_PREFIX)
    return filled._replace(values={k: v for k, v in filled.values.items() if k not in ("tenant_id", "is_primary")})


def _add_domain(connection: Any, model: Any, tenant: Any, filled: Filled) -> None:
    """Primary only if the tenant has no primary domain yet: saving a primary one would demote the project's own choice."""
    row = model(tenant=tenant, **filled.values)
    if any(field.name == "is_primary" for field in model._meta.concrete_fields):
        others = model._base_manager.using(connection.alias).filter(tenant=tenant, is_primary=True)
        row.is_primary = not others.exists()
    _validate(row, filled.judged(), str(row.domain))
    row.save()


def _shown(filled: Filled) -> str:
    """The values that nobody chose."""
    values = ", ".join('%s %s' % (name, json.dumps(value, default=str)) for name, value in filled.harmless.items())
    return " (%s)" % values if values else ""


def _accepted(model: Any, row: Filled, schema: str) -> Any:
    """With the schema in the place of the name, where the model refuses what was derived from the name."""
    first = model(**row.values)
    try:
        _validate(first, row.judged(), derived=row.derived)
        return first
    except CompanionFailure as refused:
        errors = refused.data["errors"]
        instead = {name: schema for name in row.derived if name in errors or NON_FIELD_ERRORS in errors}
        second = model(**{**row.values, **instead})
        try:
            _validate(second, row.judged())
            return second
        except CompanionFailure:
            raise refused from refused.__cause__


def _refuse_missing(model: Any, kind: Optional[str], missing: List[Dict[str, Any]]) -> None:
    for field in missing:
        field["isTenantType"] = field["name"] == kind
    if missing:
        names = ", ".join("%s (%s)" % (field["name"], field["type"]) for field in missing)
        message = "%s needs values that cannot be derived: %s" % (model._meta.label, names)
        raise CompanionFailure("TENANT_FIELDS_MISSING", message, data={"fields": missing})


def _validate(
    instance: Any, attributes: "set[str]", domain: Optional[str] = None, derived: Optional[Dict[str, Any]] = None
) -> None:
    """
    The model's own validation of the values that were set here; defaults are the project's business. `domain` of a row of the domain
    model: what is refused for no other field is refused for it. `derived`: the values that devsetup has chosen, which the message shows.
    """
    fields = instance._meta.concrete_fields
    exclude = [field.name for field in fields if field.attname not in attributes]
    try:
        instance.full_clean(exclude=exclude)
    except ValidationError as error:
        errors = error.message_dict
        refused = {name: value for name, value in (derived or {}).items() if name in errors}
        shown = {name: " %s (chosen by devsetup)" % json.dumps(value, default=str) for name, value in refused.items()}
        text = "; ".join(
            " ".join(messages) if name == NON_FIELD_ERRORS else "%s%s: %s" % (name, shown.get(name, ""), " ".join(messages))
            for name, messages in errors.items()
        )
        if domain is not None and any(name in ("domain", NON_FIELD_ERRORS) for name in errors):
            message = '%s does not accept the domain "%s": %s' % (instance._meta.label, domain, text)
            raise CompanionFailure("TENANT_FIELDS_INVALID", message, data={"errors": errors, "domain": domain}) from error
        message = "%s does not accept these values: %s" % (instance._meta.label, text)
        raise CompanionFailure("TENANT_FIELDS_INVALID", message, data={"errors": errors, "derived": refused}) from error
