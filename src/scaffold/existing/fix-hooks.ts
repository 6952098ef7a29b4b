import path from 'node:path';
import process from 'node:process';

import { askMachine } from '../../checks/dev-container/hook-commands/ask-machine.ts';
import { findHookProblems } from '../../checks/dev-container/hook-commands/hook-problems.ts';
import type { FileForm, Fix } from '../../core/check.ts';
import { readDevContainer, type DevContainer } from '../../devcontainer/dev-container.ts';
import { findProgram } from '../../project/find-program.ts';
import { findText, shown } from '../../project/files.ts';
import type { InitServices } from '../init-services.ts';
import type { PlannedFile } from '../planned-file.ts';
import { asParagraph } from './container-errors.ts';
import type { ReadFile } from '../write/scaffold-files.ts';

export interface FixedHooks {
  /** As its hooks will be. */
  readonly devContainer: DevContainer | undefined;
  /** Scripts and `.gitattributes`; devcontainer.json is not among them. */
  readonly files: readonly PlannedFile[];
  /** What cannot be fixed without knowing more. */
  readonly warnings: readonly string[];
}

type Services<F extends ReadFile> = Pick<InitServices<F>, 'files' | 'runCommand' | 'env' | 'signal'>;

/** What is wrong with what the hooks run: a hook that fails ends those after it, so devsetup's own would never run. */
export const fixHooks = async <F extends ReadFile>(
  root: string,
  devContainer: DevContainer | undefined,
  { files, runCommand, env, signal }: Services<F>,
): Promise<FixedHooks> => {
  if (devContainer === undefined || devContainer.mistakes.length > 0) return { devContainer, files: [], warnings: [] };
  const own = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const hasProgram = async (name: string): Promise<boolean> =>
    (await findProgram(name, { get: (variable) => env[variable] })) !== undefined;
  const asked = await askMachine(
    (program, args) => runCommand({ program, args, directory: root, env: own }, { signal, timeoutSeconds: 30 }),
    hasProgram,
    process.platform,
  );
  const problems = await findHookProblems(devContainer, { root, ...asked });
  const fixes = problems.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  const text = editsOf(fixes, devContainer.file).reduce((now, edit) => edit(now), devContainer.text);
  return {
    devContainer: text === devContainer.text ? devContainer : await readDevContainer(root, devContainer.file, text),
    files: [...(await planForms(fixes, root, files)), ...(await planAttributes(fixes, root))],
    warnings: problems.filter(({ fix }) => fix === undefined).map(asParagraph),
  };
};

const editsOf = (fixes: readonly Fix[], file: string): readonly ((text: string) => string)[] =>
  fixes.flatMap((fix) => (fix.by === 'edit' && fix.file === file ? [(text: string) => fix.edit(text)] : []));

const REASONS: Readonly<Record<FileForm, string>> = {
  executable: 'a hook starts it, so it becomes executable, also in git',
  'unix-lines': 'a hook runs it, so it gets LF line ends',
  'no-mark': 'a hook starts it, so it loses its byte order mark',
};

const planForms = async <F extends ReadFile>(
  fixes: readonly Fix[],
  root: string,
  files: Services<F>['files'],
): Promise<readonly PlannedFile[]> => {
  const forms = new Map<string, FileForm[]>();
  for (const fix of fixes) if (fix.by === 'form') forms.set(fix.file, [...(forms.get(fix.file) ?? []), fix.make]);
  const planned = await Promise.all(
    [...forms].map(async ([file, makes]): Promise<readonly PlannedFile[]> => {
      const isThere = await isText(file, root, files);
      const reason = makes.map((make) => REASONS[make]).join('; ');
      return isThere
        ? [{ path: asPath(root, file), action: 'update', before: '', after: '', reason, forms: makes }]
        : [];
    }),
  );
  return planned.flat();
};

const isText = async <F extends ReadFile>(
  file: string,
  root: string,
  files: Services<F>['files'],
): Promise<boolean> => {
  try {
    return (await files.read(file, root)) !== undefined;
  } catch {
    // A script that is no text, or that lies outside, is left to the doctor: it is no reason to stop.
    return false;
  }
};

const planAttributes = async (fixes: readonly Fix[], root: string): Promise<readonly PlannedFile[]> => {
  const file = path.join(root, '.gitattributes');
  const edits = editsOf(fixes, file);
  if (edits.length === 0) return [];
  const before = (await findText(file)) ?? null;
  const after = edits.reduce((text, edit) => edit(text), before ?? '');
  const reason = 'git writes scripts of hooks with LF line ends';
  return [{ path: '.gitattributes', action: before === null ? 'create' : 'update', before, after, reason }];
};

const asPath = (root: string, file: string): string => shown(root, file).split(path.sep).join('/');
