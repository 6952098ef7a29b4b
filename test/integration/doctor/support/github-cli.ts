import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { onTestFinished } from 'vitest';

/** What a double of GitHub's `gh` answers: an exit code and what it prints, by the words it is called with. */
export interface GithubAnswers {
  readonly [words: string]: { readonly code?: number; readonly stdout?: string; readonly stderr?: string };
}

const names = (...given: readonly string[]) => ({ stdout: JSON.stringify(given.map((name) => ({ name }))) });

/** Logged in, in an organization, with everything set that the healthy pipeline names. */
export const HEALTHY_GITHUB: GithubAnswers = {
  'auth status': { stdout: 'github.com\n  ✓ Logged in to github.com account someone\n' },
  'repo view --json isFork,isInOrganization': { stdout: '{"isFork":false,"isInOrganization":true}' },
  'secret list --json name': names('OTHER'),
  'variable list --json name': names(),
  'secret list --env production --json name': names('DEPLOY_KEY'),
  'variable list --env production --json name': names(),
  'api --paginate repos/{owner}/{repo}/actions/organization-secrets --jq .secrets[].name': { stdout: '' },
  'api --paginate repos/{owner}/{repo}/actions/organization-variables --jq .variables[].name': {
    stdout: 'deploy_host\n',
  },
};

export const githubNames = names;

/** Puts the double first on PATH; the environment for the run. Whatever it is not told about fails. */
export const githubCli = async (answers: GithubAnswers): Promise<Readonly<Record<string, string | undefined>>> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'devsetup-gh-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'gh');
  const cases = Object.entries(answers).map(
    ([words, { code = 0, stdout = '', stderr = '' }]) =>
      `  ${quote(words)}) printf %s ${quote(stdout)}; printf %s ${quote(stderr)} >&2; exit ${code};;`,
  );
  await writeFile(
    file,
    `#!/bin/sh\ncase "$*" in\n${cases.join('\n')}\n*) echo "gh: unknown: $*" >&2; exit 9;;\nesac\n`,
  );
  await chmod(file, 0o755);
  return { PATH: `${folder}:${process.env['PATH']}` };
};

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
