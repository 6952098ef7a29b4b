import type { Layout } from './layout.ts';

type Files = Readonly<Record<string, string>>;
type Fields = readonly (readonly [name: string, expression: string])[];

/** The project's own apps, by paths from the folder of manage.py. */
export const appFiles = (layout: Layout): Files => ({
  ...app('notes', 'notes', { Note: { fields: [['text', 'models.CharField(max_length=100)']] } }),
  ...(layout.user === 'default' ? {} : userFiles(layout.user)),
  ...(layout.tenants === 'none' ? {} : tenantFiles(layout)),
});

interface Model {
  readonly fields: Fields;
  /** For the class; the migration needs none of them where they add no fields. */
  readonly bases?: string;
  /** Fields the bases add: in the migration only. */
  readonly inherited?: Fields;
  readonly body?: string;
}

const app = (
  folder: string,
  label: string,
  models: Readonly<Record<string, Model>>,
  head = '',
  dependencies = '',
): Files => {
  const module = folder.replaceAll('/', '.');
  const classes = Object.entries(models).map(
    ([name, { fields, bases = 'models.Model', body = '' }]) =>
      `class ${name}(${bases}):\n${fields.map(([field, expression]) => `    ${field} = ${expression}\n`).join('')}${body.replace(/^(?=.)/gm, '    ')}\n    def __str__(self):\n        return str(self.pk)\n`,
  );
  const creations = Object.entries(models).map(
    ([name, { fields, inherited = [] }]) =>
      `migrations.CreateModel(name="${name}", fields=[("id", models.BigAutoField(primary_key=True)), ${[...inherited, ...fields].map(([field, expression]) => `("${field}", ${expression})`).join(', ')}])`,
  );
  return {
    [`${folder}/__init__.py`]: '',
    [`${folder}/apps.py`]: `from django.apps import AppConfig\n\n\nclass Config(AppConfig):\n    name = "${module}"\n    label = "${label}"\n`,
    [`${folder}/models.py`]: `from django.db import models\n${head}\n\n${classes.join('\n\n')}`,
    [`${folder}/migrations/__init__.py`]: '',
    [`${folder}/migrations/0001_initial.py`]: `from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    initial = True\n    dependencies = [${dependencies}]\n    operations = [${creations.join(',\n        ')}]\n`,
  };
};

const ACCOUNT: Fields = [
  ['password', 'models.CharField(max_length=128)'],
  ['last_login', 'models.DateTimeField(null=True, blank=True)'],
  ['is_superuser', 'models.BooleanField(default=False)'],
  ['groups', 'models.ManyToManyField("auth.group", blank=True)'],
  ['user_permissions', 'models.ManyToManyField("auth.permission", blank=True)'],
];

const NAMED: Fields = [
  ['username', 'models.CharField(max_length=150, unique=True)'],
  ['first_name', 'models.CharField(max_length=150, blank=True)'],
  ['last_name', 'models.CharField(max_length=150, blank=True)'],
  ['email', 'models.EmailField(max_length=254, blank=True)'],
  ['is_staff', 'models.BooleanField(default=False)'],
  ['is_active', 'models.BooleanField(default=True)'],
  ['date_joined', 'models.DateTimeField(auto_now_add=True)'],
];

const MANAGER = `class Manager(BaseUserManager):
    def create_superuser(self, email, phone, password=None, **fields):
        user = self.model(email=self.normalize_email(email), phone=phone, is_staff=True, is_superuser=True, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user
`;

const userFiles = (kind: 'custom' | 'email'): Files => {
  const dependency = '("auth", "0012_alter_user_first_name_max_length")';
  if (kind === 'custom') {
    const head = 'from django.contrib.auth.models import AbstractUser';
    const fields: Fields = [['nickname', 'models.CharField(max_length=50, blank=True)']];
    const model = { bases: 'AbstractUser', inherited: [...ACCOUNT, ...NAMED], fields };
    return app('accounts', 'accounts', { User: model }, head, dependency);
  }
  const head = `from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin\n\n\n${MANAGER}`;
  const model = {
    bases: 'AbstractBaseUser, PermissionsMixin',
    inherited: ACCOUNT,
    fields: [
      ['email', 'models.EmailField(unique=True)'],
      ['phone', 'models.CharField(max_length=20)'],
      ['is_staff', 'models.BooleanField(default=False)'],
      ['is_active', 'models.BooleanField(default=True)'],
    ] as Fields,
    body: '\nobjects = Manager()\nUSERNAME_FIELD = "email"\nREQUIRED_FIELDS = ["phone"]\n',
  };
  return app('accounts', 'accounts', { User: model }, head, dependency);
};

const TENANT_FIELDS: Readonly<Record<Layout['tenants'], Fields>> = {
  none: [],
  domain: [['name', 'models.CharField(max_length=100)']],
  'no-domain': [['name', 'models.CharField(max_length=100)']],
  nested: [['name', 'models.CharField(max_length=100)']],
  'required-domain-field': [['name', 'models.CharField(max_length=100)']],
  types: [
    ['name', 'models.CharField(max_length=100)'],
    ['kind', 'models.CharField(max_length=20, choices=[("public", "Public"), ("shop", "Shop"), ("depot", "Depot")])'],
  ],
  required: [
    ['name', 'models.CharField(max_length=100)'],
    ['region', 'models.CharField(max_length=20)'],
    ['contact', 'models.EmailField()'],
  ],
  'required-relation': [
    ['name', 'models.CharField(max_length=100)'],
    ['plan', 'models.ForeignKey("customers.plan", on_delete=models.PROTECT)'],
  ],
  derivable: [
    ['name', 'models.CharField(max_length=100, unique=True)'],
    ['slug', 'models.SlugField(unique=True)'],
    ['is_paying', 'models.BooleanField()'],
    ['since', 'models.DateField()'],
    ['remarks', 'models.TextField(blank=True)'],
    ['limit', 'models.IntegerField(default=3)'],
  ],
  'other-names': [
    ['organisation_name', 'models.CharField(max_length=60)'],
    ['created', 'models.DateTimeField(auto_now_add=True)'],
    ['paid_until', 'models.DateField(null=True)'],
  ],
};

const tenantFiles = (layout: Layout): Files => {
  const folder = layout.tenants === 'nested' ? 'apps/customers' : 'customers';
  const client: Model = {
    bases: 'TenantMixin',
    inherited: [['schema_name', 'models.CharField(max_length=63, unique=True, db_index=True)']],
    fields: TENANT_FIELDS[layout.tenants],
    body: 'auto_create_schema = True\n',
  };
  const domain: Model = {
    bases: 'DomainMixin',
    inherited: [
      ['domain', 'models.CharField(max_length=253, unique=True, db_index=True)'],
      ['is_primary', 'models.BooleanField(default=True, db_index=True)'],
      ['tenant', 'models.ForeignKey("customers.client", related_name="domains", on_delete=models.CASCADE)'],
    ],
    fields: layout.tenants === 'required-domain-field' ? [['registrar', 'models.EmailField()']] : [],
  };
  const plan: Model = { fields: [['code', 'models.CharField(max_length=20)']] };
  const models = {
    ...(layout.tenants === 'required-relation' ? { Plan: plan } : {}),
    Client: client,
    ...(layout.tenants === 'no-domain' ? {} : { Domain: domain }),
  };
  const head = 'from django_tenants.models import DomainMixin, TenantMixin';
  return {
    ...(layout.tenants === 'nested' ? { 'apps/__init__.py': '' } : {}),
    ...app(folder, 'customers', models, head),
    ...commandFiles(layout, folder),
  };
};

const commandFiles = (layout: Layout, folder: string): Files => {
  const named: Readonly<Record<Layout['commands'], readonly string[]>> = {
    none: [],
    own: ['create_super_tenant', 'create_guest_tenant'],
    public: ['create_public_tenant'],
    arguments: ['create_super_tenant'],
  };
  const names = named[layout.commands];
  if (names.length === 0) return {};
  const commands = `${folder}/management/commands`;
  return {
    [`${folder}/management/__init__.py`]: '',
    [`${commands}/__init__.py`]: '',
    ...Object.fromEntries(names.map((name) => [`${commands}/${name}.py`, commandText(layout, folder, name)])),
  };
};

const commandText = (layout: Layout, folder: string, name: string): string => {
  const [schema, domain] = name === 'create_guest_tenant' ? ['guest', 'guest.localhost'] : ['public', 'localhost'];
  const required = layout.commands === 'own' ? '' : ', required=True';
  const values = TENANT_FIELDS[layout.tenants]
    .filter(([, expression]) => !/default|null=|blank=|auto_now/.test(expression))
    .map(([field, expression]) => `, ${JSON.stringify(field)}: ${valueOf(expression, schema)}`);
  const plan = layout.tenants === 'required-relation' ? ', Plan' : '';
  const models = `Client${layout.tenants === 'no-domain' ? '' : ', Domain'}${plan}`;
  const addDomain =
    layout.tenants === 'no-domain'
      ? ''
      : `
        Domain.objects.get_or_create(domain=host, defaults={"tenant": client})`;
  return `from django.core.management.base import BaseCommand

from ${folder.replaceAll('/', '.')}.models import ${models}


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--host", default="${domain}"${required})

    def handle(self, *args, host, **options):
        client, _ = Client.objects.get_or_create(
            schema_name="${schema}", defaults={"schema_name": "${schema}"${values.join('')}}
        )${addDomain}
`;
};

const valueOf = (expression: string, schema: string): string => {
  if (expression.includes('ForeignKey')) return 'Plan.objects.get_or_create(code="small")[0]';
  if (expression.includes('BooleanField')) return 'True';
  if (expression.includes('DateField')) return '"2020-02-29"';
  if (expression.includes('EmailField')) return '"somebody@example.org"';
  return expression.includes('choices') && schema === 'guest' ? '"shop"' : JSON.stringify(schema);
};
