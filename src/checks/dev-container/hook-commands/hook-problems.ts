import { lstatSync, statSync } from 'node:fs';
import path from 'node:path';

import type { Fix, Problem } from '../../../core/check.ts';
import { changeJsonc } from '../../../devcontainer/edit-jsonc.ts';
import type { DevContainer } from '../../../devcontainer/dev-container.ts';
import { ALL_HOOKS, type AnyHook } from '../../../devcontainer/hooks/list-hooks.ts';
import { fileInCheckout, runHooks, type HookRuns } from '../../../devcontainer/hooks/run-hooks.ts';
import { findTextNow } from '../../../project/files.ts';
import { baseName } from '../../../shell/programs/take-off.ts';
import type { FoundScript } from './script-faults.ts';
import { attributeLine } from './script-faults.ts';
import { findBrokenStarts, type BrokenStart, type StartFacts } from './find-broken-starts.ts';
import { findLoss } from './find-loss.ts';
import { placeOfCall } from './place-of-call.ts';

export type HookCommandCode = 'devcontainer-hook-deletes-data' | 'devcontainer-hook-cannot-start';

export interface HookProblemOptions extends Pick<StartFacts, 'root' | 'git' | 'parse'> {
  /** Permissions of files mean nothing on this machine. */
  readonly isWindows: boolean;
}

/** What is wrong with what the hooks of a dev container run. */
export const findHookProblems = async (
  found: DevContainer,
  options: HookProblemOptions,
): Promise<readonly Problem<HookCommandCode>[]> => {
  const { root } = options;
  const readFile = (name: string): string | undefined => findTextNow(fileInCheckout(root, name), { within: root });
  const hookRuns = runHooks(found, root, readFile);
  const inspect = (name: string): FoundScript =>
    inspectScript(fileInCheckout(root, name), () => readFile(name), options.isWindows);
  const broken = await findBrokenStarts(found, hookRuns, { ...options, readFile, inspect });
  return [
    ...findLoss(found, hookRuns, {
      root,
      readFile,
      isInRepository: (folder) =>
        inspect(folder).kind === 'folder' && (folder === '' || inspect(`${folder}/.git`).kind === 'missing'),
    }),
    ...broken.map((one) => problemOf(one, found, hookRuns, root)),
  ];
};

const inspectScript = (file: string, read: () => string | undefined, isWindows: boolean): FoundScript => {
  const link = lstatSync(file, { throwIfNoEntry: false });
  if (link === undefined) return { kind: 'missing', text: undefined, isLink: false, isExecutable: null };
  const isLink = link.isSymbolicLink();
  let target;
  try {
    target = statSync(file);
  } catch {
    // What a link leads to need not be there.
    return { kind: 'broken-link', text: undefined, isLink, isExecutable: null };
  }
  if (!target.isFile()) return { kind: 'folder', text: undefined, isLink, isExecutable: null };
  return { kind: 'file', text: read(), isLink, isExecutable: isWindows ? null : (target.mode & 0o111) !== 0 };
};

const problemOf = (
  { hook, call, fault }: BrokenStart,
  found: DevContainer,
  hookRuns: HookRuns,
  root: string,
): Problem<HookCommandCode> => {
  const name = hook.command.hook;
  const isFatal = call === null || call.fate.kind === 'fails';
  const fix = fixOf(hook.command.path, fault, found, root);
  return {
    code: 'devcontainer-hook-cannot-start',
    severity: isFatal ? 'error' : 'warning',
    message: `${hook.command.path.join('.')} cannot run ${fault.subject}: ${fault.why}.`,
    evidence: [
      isFatal ? consequenceOf(name, found, hookRuns) : `${name} continues after the failure, which is easily missed`,
    ],
    remedy: { text: fault.remedy, command: fault.command ?? null },
    place: fault.place ?? (call === null ? found.placeOf(hook.command.path) : placeOfCall(found, hook, call)),
    ...(fix === null ? {} : { fix }),
  };
};

const fixOf = (
  at: readonly (string | number)[],
  { form, attribute, value }: BrokenStart['fault'],
  found: DevContainer,
  root: string,
): Fix | null => {
  if (form !== undefined) return { by: 'form', file: fileInCheckout(root, form.file), make: form.make };
  if (attribute !== undefined) {
    const line = attributeLine(attribute);
    return {
      by: 'edit',
      file: path.join(root, '.gitattributes'),
      summary: `add "${line}"`,
      edit: (text) => `${text === null || text === '' || text.endsWith('\n') ? (text ?? '') : `${text}\n`}${line}\n`,
    };
  }
  if (typeof value !== 'string') return null;
  return {
    by: 'edit',
    file: found.file,
    summary: `write ${at.join('.')} as a string`,
    edit: (text) => changeJsonc(text ?? '', at, () => value),
  };
};

/** What a failure of this hook ends: the hooks after it are skipped, and only `postStartCommand` and `postAttachCommand` run at a later start. */
const consequenceOf = (hook: AnyHook, { properties }: DevContainer, { runs }: HookRuns): string => {
  if (hook === 'initializeCommand') return 'if initializeCommand fails, the dev container is not created';
  const calling = runs
    .filter(({ run }) =>
      run.calls.some(({ words }) => words.some(({ value }) => /^(?:django-)?devsetup$/.test(baseName(value)))),
    )
    .map(({ command }) => command.hook);
  const at = ALL_HOOKS.indexOf(hook);
  const later = ALL_HOOKS.filter((other, index) => index > at && properties[other] !== undefined);
  const isCalledBefore = calling.some((other) => ALL_HOOKS.indexOf(other) < at);
  const isCut = !isCalledBefore && calling.some((other) => ALL_HOOKS.indexOf(other) >= at);
  const skipped =
    later.length === 0
      ? `if ${hook} fails, it is not repeated for this container`
      : `if ${hook} fails, ${later.join(', ')} ${later.length === 1 ? 'is' : 'are'} skipped`;
  return isCut ? `${skipped}, and devsetup does not run` : skipped;
};
