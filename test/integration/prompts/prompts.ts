import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { KEYS, question, type Answer } from '../../support/on-terminal.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { BAD } from '../audit/support/checkout.ts';
import { MANAGE_PY } from '../init/support/checkout.ts';

/** A question that a command asks on a terminal. */
export interface Prompt {
  /** Where the source asks it: file, and a part of the line. */
  readonly source: readonly [file: string, piece: string];
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** What else the question needs; returns the environment. */
  readonly prepare?: (root: string) => Promise<Readonly<Record<string, string>>>;
  /** Of the questions before it. */
  readonly before?: readonly Answer[];
  readonly asks: string;
  /** What is typed, and what is wrong with it. A list takes no wrong answers. */
  readonly wrong?: Answer;
  /** What a run without a terminal says to type, with exit code 2. Omitted: `init` shows its plan without a question and ends as in the first row. */
  readonly without?: string;
}

const NOT_YES_OR_NO: Answer = [`banana${KEYS.enter}`, 'Type y for yes, or n for no.'];

const INIT = ['init', '--no-install'];
const backend = { 'manage.py': MANAGE_PY, '.python-version': '3.11\n' };
const withPostgres = [...INIT, '--postgres', '16'];
const image = JSON.stringify({ image: 'mcr.microsoft.com/devcontainers/python:3.12' });
const imageWithScript = JSON.stringify({
  image: 'mcr.microsoft.com/devcontainers/python:3.12',
  postCreateCommand: 'bash setup.sh',
});
/** A deployment that migrates on the way; nothing in it names the database. */
const INLINE = [
  'on: push',
  'jobs:',
  '  deploy:',
  '    runs-on: ubuntu-latest',
  '    environment: prod',
  '    steps:',
  '      - run: |',
  "          ssh host 'cd app && python manage.py migrate && systemctl restart app'",
  '',
].join('\n');
const INLINE_FILES = {
  'manage.py': MANAGE_PY,
  'settings.py': "DATABASES = {'default': env.db('DATABASE_URL')}\n",
  'requirements.txt': 'django\n',
  '.github/workflows/deploy.yml': INLINE,
};

const anotherVersion: Answer = [question('Python version'), `${KEYS.up}${KEYS.enter}`];

/** An engine with one container and one volume; what would change something is refused. */
const engine = async (root: string): Promise<Readonly<Record<string, string>>> => {
  const programs = path.join(root, '..', `${path.basename(root)}.programs`);
  await mkdir(programs);
  const script = [
    '#!/bin/sh',
    'case "$1" in',
    '  version) echo 27.0 ;;',
    '  ps) echo a1 ;;',
    String.raw`  inspect) printf 'a1\ttrue\t/shop-app-1\tshop\tapp\t\n' ;;`,
    '  volume) test "$2" = ls && echo shop_data ;;',
    `  *) echo "$@" >> '${root}/changed-by-docker'; exit 1 ;;`,
    'esac',
    '',
  ].join('\n');
  await writeFile(path.join(programs, 'docker'), script);
  await chmod(path.join(programs, 'docker'), 0o755);
  return { PATH: `${programs}:${process.env['PATH'] ?? ''}` };
};

/** Data of an embedded server that does not run. */
const embeddedData = async (root: string): Promise<Readonly<Record<string, string>>> => {
  const { stdout } = await runDevsetup(['db', 'status', '--json'], { cwd: root });
  const { logFile } = JSON.parse(stdout) as { readonly logFile: string };
  await mkdir(path.join(path.dirname(logFile), 'embedded', 'data'), { recursive: true });
  return {};
};

export const PROMPTS: readonly Prompt[] = [
  {
    source: ['src/scaffold/carry-out.ts', "confirm('Do this?')"],
    files: backend,
    args: withPostgres,
    asks: 'Do this? [y/N]',
    wrong: NOT_YES_OR_NO,
    without: 'npx devsetup init --no-install --postgres 16 --yes',
  },
  {
    source: ['src/scaffold/carry-out.ts', 'confirm(`Replace'],
    files: { ...backend, '.devcontainer/Dockerfile': 'FROM python:3.11\n' },
    args: withPostgres,
    asks: 'Replace .devcontainer/Dockerfile by what is shown? [y/N]',
    wrong: NOT_YES_OR_NO,
  },
  {
    source: ['src/scaffold/take-over-scripts.ts', 'confirm(question)'],
    files: {
      ...backend,
      '.devcontainer/devcontainer.json': imageWithScript,
      'setup.sh': 'python manage.py migrate\npython manage.py warm_caches\n',
    },
    args: INIT,
    asks: 'setup.sh:2 runs',
    wrong: NOT_YES_OR_NO,
  },
  {
    source: ['src/scaffold/take-over-scripts.ts', 'confirm(`Add'],
    files: {
      ...backend,
      '.devcontainer/devcontainer.json': imageWithScript,
      'setup.sh': 'python manage.py migrate\npython manage.py loaddata countries\n',
    },
    args: INIT,
    asks: "Add this step to devsetup's configuration? [y/N]",
    wrong: NOT_YES_OR_NO,
  },
  {
    source: ['src/scaffold/choose-backend.ts', "choose('Which folder is the backend?'"],
    files: { 'shop/manage.py': MANAGE_PY, 'admin/manage.py': MANAGE_PY },
    args: INIT,
    asks: 'Which folder is the backend?',
    without: 'npx devsetup init --backend FOLDER',
  },
  {
    source: ['src/scaffold/existing/choose-dev-containers.ts', "choose('Which dev container"],
    files: {
      ...backend,
      '.devcontainer/api/devcontainer.json': image,
      '.devcontainer/web/devcontainer.json': image,
    },
    args: INIT,
    asks: 'Which dev container is set up?',
  },
  {
    source: ['src/scaffold/init-dev-container.ts', 'choose('],
    files: { ...backend, '.devcontainer/devcontainer.json': image },
    args: INIT,
    asks: 'This dev container has no database. What brings one?',
  },
  {
    source: ['src/commands/init-services.ts', 'choose(description'],
    files: { 'manage.py': MANAGE_PY },
    args: INIT,
    asks: 'Python version',
  },
  {
    source: ['src/commands/init-services.ts', 'askText({ question: description'],
    files: { 'manage.py': MANAGE_PY },
    args: INIT,
    before: [anotherVersion],
    asks: 'Python version',
    wrong: [`banana${KEYS.enter}`, 'It takes a version such as 3.12.'],
  },
  {
    source: ['src/scaffold/workflows/existing/second-pipeline.ts', 'confirm('],
    files: { ...backend, '.github/workflows/ship.yml': INLINE },
    args: [...INIT, '--workflows'],
    asks: 'Write a second pipeline next to .github/workflows/ship.yml? [y/N]',
    wrong: NOT_YES_OR_NO,
  },
  {
    source: ['src/commands/doctor-fixing.ts', "askYesNo('  Do this?"],
    files: {
      'manage.py': MANAGE_PY,
      // Not executable.
      'setup.sh': '#!/bin/sh\necho ready\n',
      '.devcontainer/devcontainer.json': JSON.stringify({ image: 'python:3.12', postCreateCommand: './setup.sh' }),
    },
    args: ['doctor', '--fix', '--only', 'devcontainer-hook-commands'],
    asks: 'Do this? [y/N]',
    wrong: NOT_YES_OR_NO,
    without: 'npx devsetup doctor --fix --yes',
  },
  {
    source: ['src/commands/audit-fixing.ts', "askYesNo('  Do this?"],
    files: { '.github/workflows/ship.yml': BAD },
    args: ['audit', '--fix'],
    asks: 'Do this? [y/N]',
    wrong: NOT_YES_OR_NO,
    without: 'Add --yes to fix without a question.',
  },
  {
    source: ['src/commands/audit-decouple.ts', 'askYesNo(SHOW_IT'],
    files: INLINE_FILES,
    args: ['audit', '--fix'],
    asks: 'Show what `devsetup decouple` would change? It asks before it writes. [y/N]',
    wrong: NOT_YES_OR_NO,
  },
  {
    source: ['src/commands/decouple-run.ts', "askYesNo('Write these files?"],
    files: INLINE_FILES,
    args: ['decouple', '--secret', 'DATABASE_URL'],
    asks: 'Write these files? [y/N]',
    wrong: NOT_YES_OR_NO,
    without: 'npx devsetup decouple --secret DATABASE_URL --yes',
  },
  {
    source: ['src/commands/decouple-run.ts', 'askText('],
    files: INLINE_FILES,
    args: ['decouple'],
    asks: "Which secret holds the database's address?",
    wrong: [`not a name${KEYS.enter}`, 'Type the name of a secret: letters, digits, _.'],
  },
  {
    source: ['src/commands/down.ts', 'askYesNo(`Delete'],
    files: { '.devcontainer/devcontainer.json': image },
    args: ['down', '--delete-volumes'],
    prepare: engine,
    asks: 'Delete shop_data, and the database with them? [y/N]',
    wrong: NOT_YES_OR_NO,
    without: 'Add --yes if that is what you want.',
  },
  {
    source: ['src/commands/db-actions.ts', "askYesNo('Remove it?"],
    files: { 'manage.py': MANAGE_PY },
    args: ['db', 'reset'],
    prepare: embeddedData,
    asks: 'Remove it? [y/N]',
    wrong: NOT_YES_OR_NO,
    without: 'npx devsetup db reset --yes',
  },
];

/** Calls that ask nothing of their own: file, a part of the line, and who asks. */
export const PASSED_ON: readonly (readonly [file: string, piece: string, asker: string])[] = [
  ['src/commands/init-services.ts', 'askChoice({ question', 'every `choose` of init'],
  ['src/commands/init-services.ts', 'askYesNo(`${question} [y/N] `', 'every `confirm` of init'],
  ['src/ui/prompts.ts', 'askText({ question, verify }', 'askYesNo'],
  ['src/doctor/run-doctor.ts', 'fix.confirm(', 'doctor-fixing.ts'],
  ['src/doctor/repair.ts', 'options.confirm(', 'doctor-fixing.ts'],
  ['src/container/take-down.ts', 'confirm', 'down.ts'],
  ['src/scaffold/database/plan-database.ts', 'wish.choose(', 'init-dev-container.ts'],
  // It needs Django and an address where nothing listens.
  ['src/commands/run.ts', 'askYesNo(question', 'test/integration/server/no-database.test.ts'],
];
