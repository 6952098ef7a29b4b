import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createDatabase, adminUrl, query } from '../../support/postgres.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { appendSettings, writeProjectFile } from '../../support/sample-project.ts';
import { violations } from '../../unit/ui/support/json-schema.ts';
import { openDoctorSite, type DoctorSite } from './support/healthy-site.ts';

const schema = JSON.parse(
  await readFile(new URL('../../../schemas/doctor-report.schema.json', import.meta.url), 'utf8'),
);

let healthy: DoctorSite;
beforeAll(async () => {
  healthy = await openDoctorSite();
});
afterAll(() => healthy?.remove());

const open: DoctorSite[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((site) => site.remove()));
});
const openSite = async (...args: Parameters<typeof openDoctorSite>): Promise<DoctorSite> => {
  const site = await openDoctorSite(...args);
  open.push(site);
  return site;
};

describe('the document of --json', () => {
  test('is what the schema says: healthy, with findings, in an empty folder, after fixes', async () => {
    const broken = await openSite({ start: 'empty' });
    await appendSettings(broken.project, 'ALLOWED_HOSTS = 7');
    const empty = await mkdtemp(path.join(os.tmpdir(), 'devsetup-output-'));
    const documents = [
      (await healthy.doctor()).report,
      (await broken.doctor()).report,
      (await broken.doctor(['--fix', '--yes'])).report,
      (await runDevsetup(['doctor', '--json'], { cwd: empty })).json,
      (await healthy.doctor(['--only', 'toolchain'])).report,
    ];
    for (const document of documents) expect(violations(schema, document)).toEqual([]);
    await rm(empty, { recursive: true });
  });
});

describe('the text', () => {
  test('of a healthy checkout is one line per group, the database that was examined, and one line at the end', async () => {
    const { stdout, stderr, exitCode } = await healthy.show(['doctor']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, -1).filter((line) => !/^✔ \S.* {2}\d+ passed$/.test(line))).toEqual([
      expect.stringMatching(/^ {2}127\.0\.0\.1:\d+\/\S+ \(DATABASES\["default"\]\)$/),
    ]);
    expect(lines.at(-1)).toMatch(/^Healthy: \d+ passed \(/);
    expect([stderr, exitCode]).toEqual(['', 0]);
  });

  test('with --verbose has the evidence of every check', async () => {
    const { stdout } = await healthy.show(['doctor', '--verbose']);
    expect(stdout).toMatch(/^ {4}✔ \S+.*: \S/m);
  });

  test('names a page that is there, from where the user is', async () => {
    const site = await openSite({ start: 'empty' });
    const cwd = path.join(site.project.root, 'backend');
    const { stdout } = await runDevsetup(['doctor'], { cwd, env: site.env, python: site.python });
    const page = /^ {4}(\S*shared-migrations-needed\.md)$/m.exec(stdout)?.[1] ?? '';
    expect((await stat(path.resolve(cwd, page))).isFile()).toBe(true);
    expect(stdout).toMatch(/^Next\n {2}npx devsetup doctor --fix/m);
  });
});

describe('--list', () => {
  test('shows every check, the steps and the own ones among them, and looks at nothing', async () => {
    const site = await openSite({
      config: { doctor: { checks: [{ id: 'our-queue', command: ['false'] }] } },
    });
    const text = await site.show(['doctor', '--list'], { DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' });
    expect(text.exitCode).toBe(0);
    for (const name of ['database-connection', 'shared-migrations', 'our-queue']) expect(text.stdout).toContain(name);
    const { stdout } = await site.show(['doctor', '--list', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, command: 'doctor --list', exitCode: 0 });
  });
});

describe('--explain', () => {
  test('prints the page', async () => {
    const { stdout, exitCode } = await healthy.show(['doctor', '--explain', 'config-invalid']);
    expect(stdout).toBe(await readFile(new URL('../../../docs/findings/config-invalid.md', import.meta.url), 'utf8'));
    expect(exitCode).toBe(0);
  });

  test('knows what was meant', async () => {
    const { stderr, exitCode } = await healthy.show(['doctor', '--explain', 'config-invald']);
    expect(stderr).toContain('Did you mean config-invalid?');
    expect(exitCode).toBe(2);
  });
});

const PASSWORD = 'correct@horse:battery/staple %7';
const KEY = 'kept-from-everybody-0123456789';
const TOKEN = 'q8Zr4wLmC2vT9bKxq8Zr4wLmC2';
const HARD_CODED = 'only-in-the-settings-8271';

test('no output tells a secret: text, document, report, differences of edits', async () => {
  const role = `r_${Math.random().toString(36).slice(2, 12)}`;
  await query(adminUrl(), `CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
  const database = await createDatabase();
  try {
    await query(adminUrl(), `ALTER DATABASE ${database.name} OWNER TO ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = encodeURIComponent(PASSWORD);
    const site = await openSite({ env: { DATABASE_URL: url.href, SECRET_KEY: KEY } });
    await appendSettings(
      site.project,
      `SECRET_KEY = "${HARD_CODED}"\nimport os\nMAIL_FROM = os.environ.get("MAIL_FROM")\nraise ValueError(f"{SECRET_KEY} {os.environ}")`,
    );
    const noisy = await site.show(['doctor']);
    await appendSettings(site.project, '');
    await writeFile(site.project.settings, (await readFile(site.project.settings, 'utf8')).replace(/^raise .*$/m, ''));
    await writeProjectFile(site.project, '.env', `PAYMENT_API_KEY=${TOKEN}\n`);
    await writeProjectFile(site.project, '.env.example', 'PAYMENT_API_KEY=\nMAIL_FROM=library@localhost\n');
    const file = path.join(site.project.root, 'report.md');
    const runs = [
      await site.show(['doctor', '--verbose', '--report', file]),
      await site.show(['doctor', '--json']),
      await site.show(['doctor', '--fix', '--yes', '--verbose']),
      await site.show(['doctor', '--json', '--report', file]),
    ];
    const texts = [noisy, ...runs].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    const report = await readFile(file, 'utf8');
    const log = await readFile(path.join(noisy.home, 'devsetup.log'), 'utf8');
    expect(runs[2]?.stderr).toContain('+MAIL_FROM');
    for (const [index, text] of [...texts, report, log].entries()) {
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), KEY, TOKEN]) {
        expect(text.includes(secret), `${secret} in text ${index}:\n${text.slice(0, 3_000)}`).toBe(false);
      }
    }
    for (const text of [...texts.slice(2), report]) expect(text).not.toContain(HARD_CODED);
  } finally {
    await database.drop();
    await query(adminUrl(), `DROP ROLE ${role}`);
  }
});
