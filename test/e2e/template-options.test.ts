import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

import { parse as parseJsonc, type ParseError } from 'jsonc-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';

import { readTemplate } from '../../src/scaffold/template/read-template.ts';
import { renderTemplate } from '../../src/scaffold/template/substitute-options.ts';
import type { OptionValues, Template } from '../../src/scaffold/template/template.ts';
import { REPOSITORY } from './support/installed-package.ts';
import { runProgram } from './support/run-program.ts';

const DIRECTORY = path.join(REPOSITORY, 'templates/django-postgres');
const CLI = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@devcontainers/cli/package.json')),
  'devcontainer.js',
);
const AT_ONCE = 2;

interface Manifest {
  readonly options: Readonly<
    Record<
      string,
      { readonly default: string; readonly enum?: readonly string[]; readonly proposals?: readonly string[] }
    >
  >;
}

interface Configuration {
  readonly service: string;
  readonly dockerComposeFile: string;
  readonly forwardPorts: readonly (number | string)[];
  readonly updateContentCommand: string;
}

interface Compose {
  readonly services: Readonly<Record<string, { readonly depends_on?: Readonly<Record<string, unknown>> }>>;
}

/** Not among what is proposed, but what people have. */
const OWN_VALUES: OptionValues = {
  backendFolder: 'services/my backend',
  frontendFolder: 'web-client',
  appService: 'my-app_1.x',
  databaseService: 'main-db',
  databaseName: 'lending-2',
};

/**
 * Every combination of what the manifest allows or proposes, one value of each option; and those once more with all values of people's
 * own in the place of proposals.
 */
const combinations = ({ options }: Manifest): readonly OptionValues[] => {
  const proposed = Object.entries(options).map(
    ([name, option]) => [name, [...new Set([...(option.enum ?? option.proposals ?? []), option.default])]] as const,
  );
  const own = proposed.map(([name, values]) => [name, name in OWN_VALUES ? [OWN_VALUES[name] ?? ''] : values] as const);
  return [...product(proposed), ...product(own)];
};

const product = (options: readonly (readonly [string, readonly string[]])[]): readonly OptionValues[] =>
  options.reduce<readonly OptionValues[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );

interface Rendering {
  readonly configuration: string;
  readonly compose: string;
}

/** Distinct pairs of what the combinations give: most options leave most files alone. */
const renderAll = (template: Template, all: readonly OptionValues[]): readonly Rendering[] => {
  const used = template.files.filter(({ path }) => /devcontainer\.json$|docker-compose\.yml$/.test(path));
  const seen = new Map<string, Rendering>();
  for (const values of all) {
    const texts = renderTemplate({ ...template, files: used }, values).map(({ text }) => text);
    const [configuration = '', compose = ''] = texts;
    seen.set(texts.join('\0'), { configuration, compose });
  }
  return [...seen.values()];
};

describe('what the template can generate', () => {
  let root: string;
  let renderings: readonly Rendering[];

  beforeAll(async () => {
    root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-template-')));
    const manifest = JSON.parse(await readFile(path.join(DIRECTORY, 'devcontainer-template.json'), 'utf8')) as Manifest;
    const all = combinations(manifest);
    renderings = renderAll(await readTemplate(DIRECTORY), all);
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it('has every option filled in', () => {
    for (const { configuration, compose } of renderings)
      expect(configuration + compose).not.toContain('templateOption');
  });

  it('names services that are there, in every combination', () => {
    const composeFiles = new Map<string, Compose>();
    for (const { configuration, compose } of renderings) {
      const errors: ParseError[] = [];
      const { service, forwardPorts } = parseJsonc(configuration, errors) as Configuration;
      // The program below forgives a missing comma, so it is looked for here.
      expect(errors, configuration).toEqual([]);
      const { services } = composeFiles.get(compose) ?? (parseYaml(compose) as Compose);
      composeFiles.set(compose, { services });
      const other = Object.keys(services).find((name) => name !== service) ?? '';
      expect(Object.keys(services)).toHaveLength(2);
      expect(services[service]?.depends_on).toEqual({ [other]: { condition: 'service_healthy' } });
      expect(forwardPorts).toContain(`${other}:5432`);
    }
  });

  it('is read by the dev container program, every distinct devcontainer.json', async () => {
    const texts = [...new Set(renderings.map(({ configuration }) => configuration))];
    const read = async (text: string, number: number): Promise<void> => {
      const folder = path.join(root, String(number));
      await mkdir(path.join(folder, '.devcontainer'), { recursive: true });
      await writeFile(path.join(folder, '.devcontainer/devcontainer.json'), text);
      // It asks for docker even to read; any program that ends with 0 will do.
      const docker = ['--docker-path', 'true', '--docker-compose-path', 'true'];
      const args = [CLI, 'read-configuration', '--workspace-folder', folder, ...docker];
      const { exitCode, stdout, stderr } = await runProgram(process.execPath, args, { cwd: folder });
      expect(exitCode, stderr).toBe(0);
      const expected = parseJsonc(text) as Configuration;
      expect((JSON.parse(stdout) as { configuration: Configuration }).configuration).toMatchObject({
        service: expected.service,
        dockerComposeFile: 'docker-compose.yml',
        updateContentCommand: expected.updateContentCommand,
        remoteUser: 'vscode',
      });
    };
    const waiting = [...texts.entries()];
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await read(next[1], next[0]);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  });
});
