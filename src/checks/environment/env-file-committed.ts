import path from 'node:path';

import { defineCheck, notApplicable, passed, type Problem } from '../../core/check.ts';
import { shellWord } from '../../core/shell-word.ts';
import { findText } from '../../project/files.ts';
import type { CheckContext } from '../context.ts';
import { findCommittedSecrets } from './find-committed-secrets.ts';

type Code = 'env-file-committed';

/** Those people keep for themselves or for a server. `.env.development`, `.env.test` and the like are often committed on purpose. */
const PRIVATE = /^\.env(?:\.local|\.prod(?:uction)?|\.stag(?:e|ing)|\.live)?$/;

/** Env files with real secrets are not in git: 8 % of the projects read commit a `.env`, some with the way into a real database. */
export const envFileCommitted = defineCheck<CheckContext, Code>({
  id: 'env-file-committed',
  group: 'environment',
  title: 'Env files outside git',
  findings: { 'env-file-committed': 'warning' },
  run: async (context) => {
    const { root } = context;
    // What the repository configures is not run, and who owns it does not matter: it is only read.
    const settings = ['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false'];
    const listed = await context.run('git', [
      ...settings,
      'ls-files',
      '-z',
      '--',
      ':(glob)**/.env',
      ':(glob)**/.env.*',
    ]);
    if (listed.missing) return notApplicable('git is not installed');
    if (listed.exitCode !== 0) return notApplicable('this is no checkout of git');
    const files = listed.tail.split('\0').filter((file) => PRIVATE.test(path.posix.basename(file)));
    const problems: Problem<Code>[] = [];
    for (const file of files) {
      const secrets = findCommittedSecrets((await findText(path.join(root, file))) ?? '');
      if (secrets.length > 0 && !(await isEncrypted(context, file))) problems.push(problemOf(file, secrets));
    }
    if (problems.length > 0) return { kind: 'problems', problems };
    return passed(files.length === 0 ? 'git holds no .env' : `no secrets in ${files.join(', ')}`);
  },
});

/** git-crypt and the like: what lies here in the clear is encrypted in git. */
const isEncrypted = async (context: CheckContext, file: string): Promise<boolean> => {
  const { exitCode, tail } = await context.run('git', ['-c', 'safe.directory=*', 'check-attr', 'filter', '--', file]);
  return exitCode === 0 && !/filter: (?:unspecified|unset)\s*$/.test(tail);
};

const problemOf = (file: string, secrets: readonly string[]): Problem<Code> => ({
  code: 'env-file-committed',
  message: `${file} is in git with secrets in it: ${secrets.join(', ')}.`,
  evidence: [`git ls-files lists ${file}`],
  remedy: {
    text: 'Take it out of git, name it in .gitignore, and change these secrets, since the history keeps them.',
    command: `git rm --cached ${shellWord(file)} && echo ${shellWord(file)} >> .gitignore`,
  },
  place: { file, line: null, column: null },
});
