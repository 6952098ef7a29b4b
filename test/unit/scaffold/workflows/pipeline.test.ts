import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { listSettings } from '../../../../src/scaffold/workflows/list-settings.ts';
import { namedValues } from '../../../../src/workflows/named-values.ts';
import { parseWorkflow } from '../../../../src/workflows/parse-workflow.ts';
import { allCombinations, partsOf, renderParts } from '../../../integration/workflows/support/all-combinations.ts';

interface Job {
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly name?: string }[];
}

const filesOf = async (parts = partsOf()): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries((await renderParts(parts)).map(({ path, text }) => [path.replace(/^.*\//, ''), text]));
const parsed = new Map<string, Readonly<Record<string, Job>>>();
/** Many combinations share a text. */
const jobsOf = (text = ''): Readonly<Record<string, Job>> => {
  const jobs = parsed.get(text) ?? (parse(text) as { jobs: Record<string, Job> }).jobs;
  parsed.set(text, jobs);
  return jobs;
};

const withFrontend = allCombinations().find(({ name }) => name === 'ssh-ghcr-url-frontend-npm-pip')?.parts;

describe('the pipeline', () => {
  it('is a chain: nothing is deployed before tests and migrations, in any combination', async () => {
    for (const { name, parts } of allCombinations()) {
      const jobs = jobsOf((await filesOf(parts))['deployment.yml']);
      const needs = Object.fromEntries(Object.entries(jobs).map(([id, job]) => [id, [job.needs ?? []].flat()]));
      const ends = parts.frontend === null ? ['backend'] : ['frontend', 'backend'];
      expect(needs, name).toEqual({
        'build-and-push': [],
        ...Object.fromEntries(ends.map((end) => [`test-${end}`, ['build-and-push']])),
        approve: ['build-and-push', ...ends.map((end) => `test-${end}`)],
        ...(parts.values.deploy === 'ssh' ? { preflight: ['build-and-push', 'approve'] } : {}),
        migrate: [parts.values.deploy === 'ssh' ? 'preflight' : 'approve'],
        'deploy-backend': ['build-and-push', 'migrate'],
        ...(parts.frontend === null ? {} : { 'deploy-frontend': ['build-and-push', 'deploy-backend'] }),
        verify: ['build-and-push', 'migrate', ...ends.map((end) => `deploy-${end}`)],
      });
    }
  });

  it('gives every job a limit and least rights, and those that reach an environment its name', async () => {
    const text = (await filesOf(withFrontend))['deployment.yml'];
    expect(parse(text ?? '')).toMatchObject({ permissions: {} });
    for (const [id, job] of Object.entries(jobsOf(text))) {
      expect(job['timeout-minutes'], id).toBeGreaterThan(0);
      const writes = Object.entries(job.permissions ?? {}).filter(([, right]) => right === 'write');
      expect(writes, id).toEqual(id === 'build-and-push' ? [['packages', 'write']] : []);
      const isReaching = /^(?:preflight|migrate|deploy-.*|verify)$/.test(id);
      const place = isReaching ? '${{ inputs.environment }}' : undefined;
      // Somebody is asked once: the others' environment has no reviewers.
      expect(job.environment, id).toBe(id === 'approve' ? '${{ inputs.environment }}-approval' : place);
    }
  });

  it('shares no concurrency group between two commits: nothing that waits is dropped', async () => {
    const jobs = jobsOf((await filesOf(withFrontend))['deployment.yml']);
    for (const id of ['migrate', 'deploy-frontend', 'deploy-backend']) {
      expect(jobs[id]?.concurrency).toEqual({
        group: `\${{ inputs.environment }}-${id}-\${{ github.sha }}`,
        'cancel-in-progress': false,
      });
    }
  });

  it('pushes the commit and the moving tag, and hands on digests only', async () => {
    for (const { parts } of allCombinations()) {
      const text = (await filesOf(parts))['deployment.yml'] ?? '';
      const { 'build-and-push': build, ...later } = jobsOf(text);
      const pushes = build?.steps.filter(({ run }) => run?.includes('--push')) ?? [];
      expect(pushes).toHaveLength(parts.frontend === null ? 1 : 2);
      for (const { run } of pushes) {
        expect(run).toContain('--tag "$image:$DEPLOY_ENVIRONMENT-$GITHUB_SHA"');
        expect(run).toContain('echo "image=$image@$digest" >> "$GITHUB_OUTPUT"');
      }
      expect(JSON.stringify(later)).not.toContain('latest');
    }
  });

  it('pins every action by commit, with its version', async () => {
    for (const { parts } of allCombinations()) {
      for (const [name, text] of Object.entries(await filesOf(parts))) {
        for (const [line] of text.matchAll(/uses: .*/g)) {
          expect(line, name).toMatch(
            /^uses: (?:\.\/\.github\/workflows\/deployment\.yml .*|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/,
          );
        }
      }
    }
  });

  it('differs between the environments in name, branch and environment only', async () => {
    const files = await filesOf();
    const plain = (name: string): string =>
      (files[name] ?? '')
        .replace(/\[[0-9a-f]+\]/, '')
        .replace(/^name: .*$/m, '')
        .replace(/branches: .*/, '')
        .replace(/environment: .*/, '');
    expect(plain('12-uat-deployment.yml')).toBe(plain('11-dev-deployment.yml'));
    expect(plain('13-prod-deployment.yml')).toBe(plain('11-dev-deployment.yml'));
    expect(files['13-prod-deployment.yml']).toContain("branches: ['main']");
  });

  it('names every secret that the called workflow reads, in the caller, too', async () => {
    for (const { name, parts } of allCombinations()) {
      const files = await filesOf(parts);
      const read = (text = '', pattern: RegExp): readonly string[] =>
        [...new Set([...text.matchAll(pattern)].map(([, secret = '']) => secret))].toSorted();
      const used = read(files['deployment.yml'], /secrets\.(\w+)/g);
      expect(used.length, name).toBeGreaterThan(1);
      for (const caller of ['11-dev-deployment.yml', '13-prod-deployment.yml'])
        expect(read(files[caller], /^ {6}(\w+): \$\{\{ secrets\.\1 \}\}$/gm), name).toEqual(used);
      const declared = (parse(files['deployment.yml'] ?? '') as { on: { workflow_call: { secrets: object } } }).on;
      expect(Object.keys(declared.workflow_call.secrets).toSorted(), name).toEqual(used);
    }
  });

  it('is read by the doctor without a finding that nobody could mend', async () => {
    const files = Object.entries(await filesOf(withFrontend)).filter(([name]) => name.endsWith('.yml'));
    const values = await Promise.all(files.map(async ([name, text]) => namedValues(await parseWorkflow(name, text))));
    expect(values.flat()).toEqual([]);
  });
});

describe('what is set by hand', () => {
  it('is every secret and variable that the workflows read, for each environment, never with a value', async () => {
    for (const { name, parts } of allCombinations()) {
      const text = (await filesOf(parts))['deployment.yml'] ?? '';
      const settings = listSettings(parts);
      const read = new Set([...text.matchAll(/(?:secrets|vars)\.(\w+)/g)].map(([, one = '']) => one));
      // A port other than 22 is optional.
      read.delete('DEPLOY_PORT');
      const names = settings.filter(({ kind }) => kind !== 'environment').map((setting) => setting.name);
      expect([...new Set(names)].toSorted(), name).toEqual([...read].toSorted());
    }
    expect(listSettings(partsOf()).map(({ command }) => command)).toContain('gh secret set DATABASE_URL --env prod');
    expect(listSettings(partsOf({ registry: 'r.example.com' }))[0]).toMatchObject({
      command: 'gh variable set REGISTRY_USERNAME',
      environment: null,
    });
  });
});
