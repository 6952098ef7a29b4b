import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { readComposeMeaning } from '../../../src/devcontainer/compose-meaning.ts';
import { readComposeProject, type ComposeServiceModel } from '../../../src/project/compose/compose-project.ts';
import { findOnPath } from '../../support/find-on-path.ts';
import { needs } from '../../support/needs.ts';
import { makeTree } from '../project/make-tree.ts';

/** What compose prints of these files, with `<root>` for their folder; null: it refuses them. */
type Recorded = Readonly<Record<string, unknown>> | null;

type Tree = Readonly<Record<string, string>>;

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures/compose');
const RECORDS = path.join(FIXTURES, 'recorded.json');
const cases = JSON.parse(readFileSync(path.join(FIXTURES, 'cases.json'), 'utf8')) as Readonly<Record<string, Tree>>;

const rootOf = async (tree: Tree): Promise<string> => {
  const { '-f': _files, ...files } = tree;
  return realpathSync(await makeTree(files));
};

/** The files that compose is given, or takes by itself. */
const filesOf = (tree: Tree): readonly string[] =>
  tree['-f']?.split(' ') ?? ['compose.yml', 'compose.override.yml'].filter((name) => name in tree);

const ask = (program: string, root: string, tree: Tree): Recorded => {
  const files = tree['-f']?.split(' ').flatMap((name) => ['-f', name]) ?? [];
  const env = { PATH: process.env['PATH'], HOME: root, COMPOSE_PROJECT_NAME: 'sample' };
  try {
    const printed = execFileSync(program, [...files, 'config'], { cwd: root, env, encoding: 'utf8', stdio: 'pipe' });
    return (parse(printed.replaceAll(root, '<root>')) as { readonly services: Record<string, unknown> }).services;
  } catch (error) {
    // Anything but a refusal is a mistake of this test.
    expect((error as { readonly status?: number }).status).toBeGreaterThan(0);
    return null;
  }
};

const record = (programs: readonly string[]): void => {
  const answersOf = (program: string): Readonly<Record<string, Recorded>> =>
    Object.fromEntries(
      Object.entries(cases).map(([name, tree]) => {
        const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'devsetup-compose-')));
        writeTree(root, tree);
        try {
          return [name, ask(program, root, tree)];
        } finally {
          rmSync(root, { recursive: true });
        }
      }),
    );
  const records = Object.fromEntries(programs.map((program) => [versionOf(program), answersOf(program)]));
  writeFileSync(RECORDS, `${JSON.stringify(records, null, 2)}\n`);
};

const writeTree = (root: string, { '-f': _files, ...files }: Tree): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
};

const versionOf = (program: string): string =>
  execFileSync(program, ['version', '--short'], { encoding: 'utf8' }).trim();

const toRecord = process.env['DEVSETUP_RECORD_COMPOSE'] ?? '';
if (toRecord !== '') record(toRecord.split(path.delimiter));

/** Written by scripts/record-compose.mjs. */
const recorded = JSON.parse(readFileSync(RECORDS, 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, Recorded>>>
>;

interface Shape {
  readonly image: string | null;
  readonly command: string;
  readonly user: string | null;
  readonly environment: Readonly<Record<string, string | null>>;
  readonly dependsOn: Readonly<Record<string, string>>;
  readonly healthcheck: readonly string[] | null;
  readonly volumes: readonly string[];
}

interface Printed {
  readonly image?: string;
  readonly command?: string | readonly string[];
  readonly user?: string;
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly disable?: boolean; readonly test?: string | readonly string[] };
  readonly volumes?: readonly (string | { readonly source: string; readonly target: string })[];
}

/** The generations print the same in several ways. */
const shapeOf = (service: Printed): Shape => ({
  image: service.image ?? null,
  command: [service.command ?? []].flat().join(' '),
  user: service.user ?? null,
  environment: Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [
      name,
      value === null ? null : String(value).replaceAll('$$', '$'),
    ]),
  ),
  dependsOn: Object.fromEntries(
    Object.entries(service.depends_on ?? {}).map(([name, how]: [string, string | { readonly condition: string }]) =>
      typeof how === 'string' ? [how, 'service_started'] : [name, how.condition],
    ),
  ),
  healthcheck: healthcheckOf(service.healthcheck),
  volumes: (service.volumes ?? [])
    .map((one) => (typeof one === 'string' ? one.replace(/:rw$/, '') : `${one.source}:${one.target}`))
    .toSorted(),
});

const healthcheckOf = (check: Printed['healthcheck']): Shape['healthcheck'] => {
  const { disable, test } = check ?? {};
  if (check === undefined || disable === true || test?.[0] === 'NONE') return null;
  return typeof test === 'string' ? ['CMD-SHELL', test] : (test ?? []);
};

const modelOf = async (tree: Tree): Promise<Readonly<Record<string, Shape>> | null> => {
  const root = await rootOf(tree);
  const options = { root, files: filesOf(tree).map((name) => path.join(root, name)) };
  const { refused } = await readComposeMeaning(options, new Map());
  if (Object.keys(refused).length > 0) return null;
  const { services } = await readComposeProject(options);
  return Object.fromEntries(
    services.filter(({ isActive }) => isActive).map((service) => [service.name, described(service, root)]),
  );
};

const described = (service: ComposeServiceModel, root: string): Shape => ({
  image: service.image,
  command: service.command,
  user: service.user,
  environment: service.environment,
  dependsOn: service.dependsOn,
  healthcheck: service.healthcheck?.test ?? null,
  volumes: service.volumes.map(({ source, target }) => `${source.replace(root, '<root>')}:${target}`).toSorted(),
});

/** What the first generation does not know or refuses, or prints although it does not start it; the second one is what devsetup follows. */
const UNKNOWN_TO_FIRST = [
  'extends a service that depends on another one',
  'an included file',
  'an included file with an override',
  'a service of a profile is not started',
  'a profile that .env names',
  'a dependency that only a profile starts is refused',
  'two files: a healthcheck that is disabled later',
  'variables with defaults',
  '!reset and !override',
];

describe.each(Object.entries(recorded))('docker compose %s', (version, answers) => {
  it.each(Object.entries(cases).filter(([name]) => !version.startsWith('1.') || !UNKNOWN_TO_FIRST.includes(name)))(
    'reads the same as devsetup: %s',
    async (name, tree) => {
      const answer = answers[name] ?? null;
      expect(await modelOf(tree)).toEqual(
        answer === null
          ? null
          : Object.fromEntries(Object.entries(answer).map(([service, table]) => [service, shapeOf(table as object)])),
      );
    },
  );
});

const program = findOnPath('docker-compose');

it(
  'the docker-compose of this machine still prints what was recorded',
  needs(program !== undefined, 'needs docker-compose', true),
  async () => {
    // Another version may differ; those that were recorded stand for their generations.
    const known = recorded[versionOf(program ?? '')] ?? {};
    for (const name of Object.keys(known).slice(0, 1)) {
      const tree = cases[name] ?? {};
      expect(ask(program ?? '', await rootOf(tree), tree)).toEqual(known[name]);
    }
  },
);
