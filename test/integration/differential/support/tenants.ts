/** Python: a row for each of these schemas, and for the public one; their schemas are created and migrated. */
export const withTenants = (schemas: readonly string[]): string => `
from tenancy.models import Domain, Tenant
for schema in ${JSON.stringify(['public', ...schemas])}:
    tenant = Tenant(schema_name=schema, name=schema)
    tenant.save()
    Domain(domain=schema + ".localhost", tenant=tenant, is_primary=True).save()
`;
