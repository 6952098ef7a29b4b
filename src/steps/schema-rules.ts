import type { Config } from '../config/config.ts';
import type { State } from '../core/step.ts';
import type { Description } from '../django/protocol.ts';
import { isWithoutSchema, type SchemaRules } from '../fleet/judge-schema.ts';
import { rememberedTenants } from './command-memory.ts';
import type { SetupContext } from './context.ts';
import { countTenants } from './fleet-report.ts';

/** Whether configuration says that the schema of this tenant may be missing. */
export const mayLackSchema = ({ tenants }: Pick<Config, 'tenants'>, schema: string): boolean =>
  isWithoutSchema(schema, tenants.withoutSchema);

type Checkout = Pick<SetupContext, 'state'> & { readonly config: Pick<Config, 'tenants'> };

/** What decides which tenants may be without a schema, and which get one. */
export const schemaRules = (context: Checkout): SchemaRules => {
  const { guest, withoutSchema, super: superTenant } = context.config.tenants;
  const configured = [superTenant.schema, guest === false ? null : guest.schema];
  return {
    withoutSchema,
    own: [
      ...configured.filter((schema) => schema !== null),
      ...rememberedTenants(context, 'super-tenant'),
      ...rememberedTenants(context, 'guest-tenant'),
    ],
  };
};

/** These are left when everything else is migrated, and then the step fails. */
export const describeRefused = (refused: readonly string[]): readonly string[] =>
  refused.length === 0 ? [] : [`without a schema, which devsetup does not create: ${refused.join(', ')}`];

/** A name that can stand in a command as it is. */
const PLAIN_NAME = /^[\w-]+$/;

/** Only the project knows what a row without a schema means where its model does not create schemas. */
export const schemaMissing = (schemas: readonly string[], { tenancy }: Description): State => {
  const model = tenancy.mode === 'schemas' ? tenancy.tenantModel : 'The tenant model';
  const [first = ''] = schemas;
  const names = schemas.map((schema) => JSON.stringify(schema)).join(', ');
  const code = `from django_tenants.utils import get_tenant_model; get_tenant_model().objects.get(schema_name='${first}').create_schema(check_if_exists=True)`;
  const manage = PLAIN_NAME.test(first) ? { manage: ['shell', '-c', code] } : {};
  return {
    kind: 'blocked',
    code: 'SCHEMA_MISSING',
    reason: `${countTenants(schemas.length)} without a schema, and ${model} does not create schemas (auto_create_schema is False): ${schemas.join(', ')}`,
    hint: `If that is intended, add to the configuration: "tenants": { "withoutSchema": [${names}] }. Otherwise create the schema with create_schema(check_if_exists=True) of the tenant.`,
    ...manage,
  };
};
