import { readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { judgeScript } from '../../../../src/scaffold/setup-script/judge-script.ts';
import { readSetupScript } from '../../../../src/scaffold/setup-script/read-setup-script.ts';
import type { SetupScript } from '../../../../src/scaffold/setup-script/setup-script.ts';
import { parseConfig } from '../../../../src/config/parse-config.ts';

const read = async (name: string): Promise<string> => readFile(new URL(`scripts/${name}`, import.meta.url), 'utf8');

const judge = async (name: string): Promise<SetupScript> =>
  judgeScript(await read(name), { file: `scripts/${name}`, workspaceFolder: '/workspaces/shop' });

/** `line step` and `line note`; `!` where the script hides that it failed, `+` where it is offered, `?` where only with a caution. */
const summary = (script: SetupScript): { readonly does: readonly string[]; readonly leaves: readonly string[] } => ({
  does: script.takenOver.map(({ line, step, hidesErrors }) => `${line} ${step}${hidesErrors ? ' !' : ''}`),
  leaves: script.unknown.map(
    ({ line, note, offer, caution, hidesErrors }) =>
      `${line} ${note}${hidesErrors ? ' !' : ''}${offer === null ? '' : caution === null ? ` + ${offer.id}` : ` ? ${caution}`}`,
  ),
});

interface Row {
  readonly script: string;
  readonly does: readonly string[];
  readonly leaves: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    script: 'plain.sh',
    does: ['4 backend-dependencies', '5 backend-dependencies', '6 shared-migrations'],
    leaves: ['7 own + loaddata-countries-currencies', '8 own + collectstatic'],
  },
  {
    script: 'hidden-errors.sh',
    does: [
      '3 backend-dependencies !',
      '5 backend-dependencies !',
      '7 shared-migrations',
      '7 shared-migrations',
      '8 super-tenant !',
      '9 tenant-migrations !',
      '10 guest-tenant !',
    ],
    leaves: ['11 own ! ? hides-errors'],
  },
  {
    script: 'functions.sh',
    does: ['16 backend-dependencies', '21 frontend-dependencies', '28 database', '31 database', '33 shared-migrations'],
    leaves: ['22 program ? may-not-end'],
  },
  {
    script: 'here-documents.sh',
    does: ['3 database', '13 database', '22 shared-migrations', '23 superuser'],
    leaves: ['6 database-objects', '9 writes-files', '27 runs-code'],
  },
  {
    script: 'compose.sh',
    does: ['5 database', '7 shared-migrations', '8 superuser !', '11 database'],
    leaves: ['4 starts-services', '9 own + loaddata-demo', '10 own + compilemessages'],
  },
  {
    script: 'conditions.sh',
    does: ['9 backend-dependencies', '14 database', '16 shared-migrations'],
    leaves: ['19 dangerous ? dangerous', '20 dangerous ? dangerous', '24 own', '27 own ? repeated'],
  },
  {
    script: 'tenants.sh',
    does: ['5 database', '6 shared-migrations', '7 super-tenant', '8 guest-tenant', '9 superuser'],
    leaves: [
      '10 own + tenant-command-loaddata-products',
      '11 own ? may-not-end',
      '12 dangerous ? dangerous',
      '13 makes-migrations',
      '14 migrates-elsewhere',
    ],
  },
  {
    script: 'machine.sh',
    does: ['10 database', '12 backend-dependencies'],
    leaves: [
      '2 image',
      '2 image',
      '3 image',
      '3 open',
      '4 image',
      '5 personal',
      '6 personal',
      '7 personal',
      '8 starts-services',
      '9 database-objects',
      '11 database-objects',
      '13 package',
      '14 personal',
      '15 writes-files',
      '16 destroys',
      '17 asks',
    ],
  },
  {
    script: 'start.sh',
    does: ['3 database', '5 backend-dependencies', '6 shared-migrations'],
    leaves: ['4 other-service', '9 keeps-running', '10 keeps-running'],
  },
  {
    script: 'captured.sh',
    does: ['3 shared-migrations', '8 superuser', '13 database !'],
    leaves: [
      '6 dangerous ? dangerous',
      '7 own ? may-not-end',
      '9 runs-code',
      '15 program',
      '16 program ? may-not-end',
      '17 open',
    ],
  },
  { script: 'broken.sh', does: ['2 backend-dependencies', '4 shared-migrations'], leaves: [] },
];

it.each(ROWS)('$script is read line by line', async ({ script, does, leaves }) => {
  expect(summary(await judge(script))).toEqual({ does, leaves });
});

it.each(ROWS)('nothing secret of $script is shown', async ({ script }) => {
  const shown = JSON.stringify(await judge(script));
  const text = await read(script);
  const secrets = ['q8Zr', 'x7-reporting', 'v3ry', 't0k-en', 'abc12345', 'pl4in', 'w0rd-of', 'pa55', 'hunter2x'];
  expect(secrets.filter((secret) => text.includes(secret) && shown.includes(secret))).toEqual([]);
});

it('the program that a step runs starts where the script ran it', async () => {
  const [line] = (await judge('functions.sh')).unknown;
  expect(line?.offer).toEqual({
    id: 'yarn-build-icons',
    title: 'yarn build:icons',
    command: ['yarn', 'build:icons'],
    after: 'frontend-dependencies',
    directory: 'frontend',
  });
});

it("tenants that the script makes by the project's own commands become settings", async () => {
  expect((await judge('tenants.sh')).settings).toEqual([
    {
      key: ['tenants', 'super'],
      value: { command: 'create_public_tenant', args: ['--domain', 'localhost', '--owner', 'boss@example.org'] },
    },
    { key: ['tenants', 'guest'], value: { schema: 'acme', name: 'Acme Ltd', domain: 'acme.localhost' } },
  ]);
});

it.each(ROWS)('what is offered of $script is a valid configuration', async ({ script }) => {
  const { unknown, settings } = await judge(script);
  const tenants = Object.fromEntries(settings.map(({ key, value }) => [key.at(-1), value]));
  const steps = unknown.flatMap(({ offer }) => (offer === null ? [] : [offer]));
  const { mistakes } = parseConfig(JSON.stringify({ steps, tenants }), { at: [], strictJson: true });
  expect(mistakes).toEqual([]);
});

it('variables are named without their values', async () => {
  expect((await judge('tenants.sh')).variables).toEqual(['DJANGO_SUPERUSER_USERNAME', 'DJANGO_SUPERUSER_PASSWORD']);
});

it('another script that is run is named', async () => {
  expect((await judge('start.sh')).calls).toEqual([{ file: 'scripts/assets.sh', targets: null }]);
});

it('a mistake of syntax has a line, and the rest is read', async () => {
  const { mistakes, takenOver } = await judge('broken.sh');
  expect(mistakes).toEqual([6]);
  expect(takenOver).toHaveLength(2);
});

it('of a Makefile the targets that set up are read, with what they need first', async () => {
  const root = new URL('scripts', import.meta.url).pathname;
  const script = await readSetupScript({ file: 'Makefile', targets: null }, { root, workspaceFolder: null });
  expect(script === undefined ? null : summary(script)).toEqual({
    does: [
      '14 backend-dependencies',
      '10 backend-dependencies',
      '11 frontend-dependencies',
      '17 database',
      '17 database',
      '18 database !',
      '19 shared-migrations',
    ],
    leaves: ['20 own + loaddata-initial', '22 own'],
  });
});
