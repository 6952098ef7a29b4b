import type { InitServices } from '../init-services.ts';
import type { PlannedFile } from '../planned-file.ts';
import type { ReadFile } from '../write/scaffold-files.ts';
import type { LeftLines } from './merge-changes.ts';
import { needsWritten, planWorkflowFile } from './plan-workflow-file.ts';
import type { RenderedFile } from './render-workflows.ts';
import { isUntouched, stampOf } from './stamp-file.ts';

interface PlanOptions<F extends ReadFile> {
  readonly root: string;
  /** null: there is no such file. */
  readonly readText: (name: string) => Promise<string | null>;
  /** The files that the options of the last time give now. */
  readonly renderAgain: () => Promise<readonly RenderedFile[]>;
  /** Lines of the owner are replaced, too. */
  readonly isForced: boolean;
  readonly services: Pick<InitServices<F>, 'env' | 'runCommand'>;
}

export interface WorkflowPlan {
  readonly files: readonly PlannedFile[];
  /** What is not applied, a sentence each. */
  readonly problems: readonly string[];
}

export const planWorkflows = async <F extends ReadFile>(
  rendered: readonly RenderedFile[],
  options: PlanOptions<F>,
): Promise<WorkflowPlan> => {
  const files: PlannedFile[] = [];
  const problems: string[] = [];
  let again: readonly RenderedFile[] | undefined;
  for (const { path, text, mode } of rendered) {
    const before = await options.readText(path);
    let written: string | null = null;
    if (needsWritten(before, text)) {
      again ??= await options.renderAgain();
      written = await findWritten(path, before, again.find((one) => one.path === path)?.text, options);
    }
    const { file, left } = planWorkflowFile({
      path,
      before,
      rendered: text,
      written,
      mode,
      isForced: options.isForced,
    });
    files.push(file);
    problems.push(...left.map((lines) => describeLeft(path, lines)));
  }
  return { files, problems };
};

const describeLeft = (path: string, { line, yours, wanted }: LeftLines): string => {
  const text = wanted.map((one) => one.trim()).filter((one) => one !== '');
  const more = text.length > 1 ? `, and ${text.length - 1} more lines` : '';
  const stay = yours.length === 1 ? 'your line stays' : yours.length === 0 ? 'lines stay removed' : 'your lines stay';
  return `${path}:${line}: ${stay}; devsetup would ${text.length === 0 ? 'remove them' : `write \`${text[0] ?? ''}\`${more}`}`;
};

/** Commits to look at, the newest first: a file that is changed by hand was written not long before. */
const COMMITS = 50;

/**
 * What devsetup wrote into this file last: `again`, where nothing but the options has changed since, or a text in the history of Git. The
 * fingerprint, which stays when lines are changed, tells that it is it. null: neither.
 */
const findWritten = async <F extends ReadFile>(
  path: string,
  before: string,
  again: string | undefined,
  { root, services: { env, runCommand } }: PlanOptions<F>,
): Promise<string | null> => {
  const isIt = (text: string): boolean => stampOf(text) === stampOf(before) && isUntouched(text);
  if (again !== undefined && isIt(again)) return again;
  const own = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const git = async (...args: readonly string[]): Promise<string> => {
    const command = { program: 'git', args: ['-c', 'safe.directory=*', ...args], directory: root };
    const { exitCode, stdout } = await runCommand({ ...command, env: Object.fromEntries(own) }, { timeoutSeconds: 30 });
    return exitCode === 0 ? stdout : '';
  };
  const commits = (await git('log', `--max-count=${COMMITS}`, '--format=%H', '--', path)).split('\n').filter(Boolean);
  for (const commit of commits) {
    const text = await git('show', `${commit}:./${path}`);
    if (isIt(text)) return text;
  }
  return null;
};
