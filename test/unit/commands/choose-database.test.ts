import { describe, expect, test } from 'vitest';

import { addressesIn, decideDatabase, leadsTo, type ChoiceFacts } from '../../../src/commands/choose-database.ts';
import { isOfferedByNone } from '../../../src/postgres/compose-hint.ts';
import { namesDockerResolver } from '../../../src/project/in-container.ts';

const HOME = { variable: 'DB_HOST', text: 'DB_HOST=localhost:5432' };
const OTHER = { variable: 'DATABASE_URL', text: 'DATABASE_URL=db.example.org:5432/app' };
const EMBEDDED = { use: 'embedded', addresses: [HOME.text] } as const;

const decide = (facts: Partial<Omit<ChoiceFacts, 'addresses'>>, addresses: readonly (typeof HOME)[] = []) =>
  decideDatabase({
    flag: undefined,
    configured: 'settings',
    remembered: undefined,
    isPipeline: false,
    ...facts,
    addresses: () => Promise.resolve(addresses),
  });

describe('which database a command uses', () => {
  test.each<[string, Parameters<typeof decide>, string, string]>([
    ['nothing was chosen', [{}, [HOME]], 'settings', 'default'],
    ['the flag wins over memory and addresses', [{ flag: 'embedded' }, [OTHER]], 'embedded', 'flag'],
    ['the flag wins over the configuration', [{ flag: 'settings', configured: 'embedded' }], 'settings', 'flag'],
    ['it was chosen while that address was there', [{ remembered: EMBEDDED }, [HOME]], 'embedded', 'memory'],
    ['an address came after the choice', [{ remembered: EMBEDDED }, [HOME, OTHER]], 'settings', 'address'],
    ['a pipeline remembers nothing', [{ remembered: EMBEDDED, isPipeline: true }], 'settings', 'default'],
    [
      'the configuration counts in a pipeline',
      [{ configured: 'embedded', isPipeline: true }],
      'embedded',
      'configuration',
    ],
    ['any address comes before the configuration', [{ configured: 'embedded' }, [HOME]], 'settings', 'address'],
    [
      'the last choice comes before the configuration',
      [{ configured: 'embedded', remembered: { use: 'settings' } }],
      'settings',
      'default',
    ],
  ])('%s', async (_, facts, use, because) => {
    expect(await decide(...facts)).toMatchObject({ use, because });
  });

  test('addresses are kept without credentials, and names alone are none', () => {
    const values: Record<string, string> = {
      DATABASE_URL: 'postgres://app:secret@db:5433/app',
      SHOP_URL: 'mysql://app:secret@db/app',
      BAD_URL: 'secret:secret',
      DB_HOST: 'db',
      DB_PORT: '5433',
      DB_NAME: 'app',
      PGHOST: ' ',
    };
    const found = addressesIn({ get: (name) => values[name] }, [
      { name: 'DATABASE_URL', role: 'url' },
      { name: 'SHOP_URL', role: 'url' },
      { name: 'BAD_URL', role: 'url' },
      { name: 'DB_HOST', role: 'host' },
      { name: 'DB_PORT', role: 'port' },
      { name: 'DB_NAME', role: 'name' },
      { name: 'PGHOST', role: 'host' },
    ]);
    expect(found.map(({ text }) => text)).toEqual([
      'DATABASE_URL=db:5433/app',
      'SHOP_URL=mysql:…',
      'BAD_URL=…',
      'DB_HOST=db:5433',
    ]);
    expect(leadsTo(5433, 'postgres://postgres:x@127.0.0.1:5433/app', 'DATABASE_URL')).toBe(true);
    expect(leadsTo(5433, values['DATABASE_URL'], 'DATABASE_URL')).toBe(false);
  });
});

test('a container without the name server of a Docker network knows no names of compose', () => {
  expect(namesDockerResolver('# made by Docker\nnameserver 127.0.0.11\noptions ndots:0\n')).toBe(true);
  expect(namesDockerResolver('nameserver 192.168.65.7\n# nameserver 127.0.0.11\n')).toBe(false);
});

test('a database is offered by a service that publishes the port, and by one that is PostgreSQL', () => {
  const target = {
    host: 'localhost',
    port: 5432,
    database: 'app',
    user: '',
    password: '',
    tls: { mode: 'prefer', rootCertificate: '', certificate: '', key: '' },
  } as const;
  const service = (isPostgres: boolean, host: number) => ({
    name: 'x',
    isPostgres,
    publishedPorts: [{ host, container: 1 }],
    up: '',
  });
  expect(isOfferedByNone(target, [])).toBe(true);
  expect(isOfferedByNone(target, [service(false, 6379)])).toBe(true);
  expect(isOfferedByNone(target, [service(false, 5432)])).toBe(false);
  expect(isOfferedByNone(target, [service(true, 15432)])).toBe(false);
  expect(isOfferedByNone({ ...target, host: 'db.example.org' }, [])).toBe(false);
});
