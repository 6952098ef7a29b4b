import type { ShellCall } from '../../shell/shell-run.ts';
import { readEdit } from '../images/from-edits.ts';
import { partOfWord } from '../images/part.ts';
import type { AuditedJob, AuditedStep } from '../pipeline.ts';
import { baseName } from './django-command.ts';

const PROPOSES = /create-pull-request/;

/** A pull request comes first: nothing changes until it is merged. */
const proposes = ({ action, calls }: AuditedStep): boolean =>
  (action !== null && PROPOSES.test(action)) ||
  calls.some(
    ({ words: [program, pr, create] }) => program?.value === 'gh' && pr?.value === 'pr' && create?.value === 'create',
  );

const isKustomize = ({ words: [program, ...rest] }: ShellCall): boolean =>
  baseName(program?.value ?? '') === 'kustomize' &&
  rest
    .slice(0, 3)
    .map(({ value }) => value)
    .join(' ') === 'edit set image';

/** It writes an image or a tag into a file by sed or yq. */
const editsImage = ({ words: [program, ...rest] }: ShellCall): boolean =>
  readEdit(baseName(program?.value ?? ''), rest.map(partOfWord)).length > 0 ||
  (baseName(program?.value ?? '') === 'yq' &&
    rest.some(({ value }) => /^(?:-i|--inplace)$/.test(value)) &&
    rest.some(({ value }) => /\.(?:image|tag|newTag)"?\]?\)?\s*\|?=(?!=)/i.test(value)));

/** It takes another repository, by an action or by `git clone`. */
const takesAnother = ({ action, with: given, calls }: AuditedStep): boolean =>
  (action === 'actions/checkout' && (given.get('repository')?.value ?? '') !== '') ||
  calls.some(({ words }) => words[0]?.value === 'git' && words.some(({ value }) => value === 'clone'));

const pushesBranch = ({ words: [program, ...rest] }: ShellCall): boolean =>
  program?.value === 'git' &&
  rest.some(({ value }) => value === 'push') &&
  !rest.some(({ value }) => /^(?:--tags|--dry-run|-n)$/.test(value));

/**
 * GitOps: a job that writes which image runs into a repository that a cluster follows (Argo CD, Flux). `kustomize edit set image` is there for
 * nothing else; what sed and yq write may as well be a release, unless the job's name says that it deploys, or the repository is another one.
 */
export const deploysByPush = ({ steps, job }: Pick<AuditedJob, 'steps' | 'job'>): boolean => {
  const isNamed = /deploy|argo|gitops/i.test(`${job.id} ${job.name?.value ?? ''}`) || steps.some(takesAnother);
  const calls = steps.flatMap((step) => step.calls);
  const edited = calls.findIndex((call) => isKustomize(call) || (isNamed && editsImage(call)));
  return edited >= 0 && calls.slice(edited + 1).some(pushesBranch) && !steps.some(proposes);
};

/** Repositories that a platform builds from and deploys. */
const PLATFORM = /heroku|dokku|scalingo\.com|clever-cloud\.com|gigalixir\.com/;

/** A push to a remote of a name that says nothing, whose address the job has set before: `git remote add live dokku@host:shop`. */
export const pushesToPlatform = ({ steps }: Pick<AuditedJob, 'steps'>): boolean => {
  const remotes = new Set<string>();
  return steps
    .flatMap(({ calls }) => calls)
    .filter(({ words: [program] }) => baseName(program?.value ?? '') === 'git')
    .some(({ words }) => {
      const said = words.map(({ value }) => value);
      const [name, address = ''] = said.slice(said.indexOf('remote') + 2).filter((word) => !word.startsWith('-'));
      if (/^(?:add|set-url)$/.test(said[said.indexOf('remote') + 1] ?? '') && name !== undefined) {
        if (PLATFORM.test(address)) remotes.add(name);
        else remotes.delete(name);
        return false;
      }
      const target = said.slice(said.indexOf('push') + 1).find((word) => !word.startsWith('-'));
      return said.includes('push') && !said.includes('--dry-run') && remotes.has(target ?? '');
    });
};
