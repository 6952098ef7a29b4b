import { createHash } from 'node:crypto';

/** One way a project can look, by the dimensions in which real ones differ. */
export interface Layout {
  readonly generation: 'django 4.2' | 'django 5.2' | 'django 6.1';
  /** `several`: two of one rank. `disguised`: another framework's manage.py lies in the root, Django's in backend/. */
  readonly place: 'root' | 'backend' | 'other' | 'two-down' | 'three-down' | 'several' | 'disguised';
  /** Name of the package that holds the settings. */
  readonly package: 'config' | 'shop';
  /**
   * `variants`: base, dev and prod, dev named in manage.py · `production`: the same, prod named · `chosen`: the package's `__init__`
   * asks a variable with a default · `chosen-required`: one without · `unnamed`: manage.py names none.
   */
  readonly settings: 'module' | 'variants' | 'production' | 'chosen' | 'chosen-required' | 'unnamed' | 'configurations';
  /** Variables of the database. `both`: a URL, else DB_*. `compose`: DB_*, the host being a service unless it is given. */
  readonly names:
    'DB' | 'POSTGRES' | 'DATABASE' | 'mixture' | 'url' | 'both' | 'hard-coded' | 'compose' | 'sqlite' | 'silent';
  readonly reader: 'os' | 'environ' | 'decouple' | 'dotenv';
  /** Where their values are. `settings`: an .env in the folder of the settings. `named`: a file that only compose reads. */
  readonly given: 'process' | 'backend' | 'root' | 'settings' | 'named' | 'nowhere';
  readonly secretKey: 'default' | 'required';
  readonly sample: string | null;
  readonly sampleIn: 'root' | 'backend';
  readonly dependencies:
    | 'none'
    | 'beside'
    | 'root'
    | 'elsewhere'
    | 'folder'
    | 'two files'
    | 'pyproject'
    | 'uv.lock'
    | 'poetry.lock'
    | 'Pipfile.lock'
    | 'pdm.lock'
    | 'poetry.lock and requirements';
  readonly user: 'default' | 'custom' | 'email';
  readonly usersIn: 'shared' | 'both' | 'tenant';
  /** `none`: plain Django. `derivable`: required fields that follow from the name. */
  readonly tenants:
    | 'none'
    | 'domain'
    | 'no-domain'
    | 'types'
    | 'required'
    | 'required-relation'
    | 'required-domain-field'
    | 'derivable'
    | 'other-names'
    | 'nested';
  /** Commands that create tenants. `public`: `create_public_tenant`. `arguments`: `create_super_tenant` that needs some. */
  readonly commands: 'none' | 'own' | 'public' | 'arguments';
}

/** What works with everything else; a row that does not care gets one of these. */
const ORDINARY: { readonly [Key in keyof Layout]: readonly Layout[Key][] } = {
  generation: ['django 4.2', 'django 5.2'],
  place: ['root', 'backend', 'other', 'two-down'],
  package: ['config', 'shop'],
  settings: ['module', 'variants', 'chosen'],
  names: ['DB', 'POSTGRES', 'DATABASE', 'mixture', 'url', 'both'],
  reader: ['os', 'environ', 'decouple', 'dotenv'],
  given: ['process', 'backend', 'root'],
  secretKey: ['default', 'required'],
  sample: [null, '.env.example'],
  sampleIn: ['root', 'backend'],
  dependencies: [
    'none',
    'beside',
    'root',
    'elsewhere',
    'folder',
    'two files',
    'pyproject',
    'uv.lock',
    'poetry.lock',
    'Pipfile.lock',
    'pdm.lock',
    'poetry.lock and requirements',
  ],
  user: ['default', 'custom'],
  usersIn: ['both', 'shared'],
  tenants: ['domain', 'derivable', 'other-names'],
  commands: ['none', 'own', 'public'],
};

/** The layout of a row: what it says, and for the rest a mixture that is the same each time. */
export const completeLayout = (name: string, said: Partial<Layout>): Layout => {
  const pick = <Key extends keyof Layout>(key: Key): Layout[Key] => {
    const values = ORDINARY[key];
    const hash = createHash('sha256').update(`${key} of ${name}`).digest().readUInt32BE(0);
    return values[hash % values.length] as Layout[Key];
  };
  const keys = Object.keys(ORDINARY) as (keyof Layout)[];
  return { ...(Object.fromEntries(keys.map((key) => [key, pick(key)])) as unknown as Layout), ...said };
};
