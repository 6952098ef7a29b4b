import type { RunEvent, RunView } from '../../core/events.ts';
import { redactDeep } from '../../core/redact-deep.ts';
import type { RunReport } from '../../core/report.ts';
import { neutralise } from '../../core/workflow-text.ts';
import { annotationsOf } from './annotations.ts';
import { workflowCommand } from './workflow-command.ts';

export interface GithubViewOptions {
  /** Writes a line to the stream the inner view writes its progress to. */
  readonly writeLine: (line: string) => void;
  /** false: the inner view shows no progress, so there is nothing to fold. */
  readonly groups: boolean;
  /** Random: output that knew it could make the runner listen again. */
  readonly token: string;
  /** The checkout, which annotations name files relative to. */
  readonly root: string;
  /** The report goes to the inner view as it is: it escapes by itself. */
  readonly json: boolean;
}

/**
 * What a view shows, as GitHub's log shows it best: a step folds into a group, during which the runner listens to no command; its
 * result stands below, unfolded; failures and warnings become annotations.
 */
export const createGithubView = (inner: RunView, options: GithubViewOptions): RunView => {
  const { writeLine, groups, token, root } = options;
  let open: string | undefined;
  const close = (): void => {
    if (open === undefined) return;
    open = undefined;
    writeLine(`::${token}::`);
    writeLine(workflowCommand('endgroup'));
  };
  const begin = (id: string, title: string): void => {
    if (!groups || open === id) return;
    close();
    open = id;
    writeLine(workflowCommand('group', title));
    writeLine(workflowCommand('stop-commands', token));
  };
  return {
    event: (event: RunEvent) => {
      if (event.type === 'step-started') begin(event.id, event.title);
      if (event.type === 'step-finished' && event.result.id === open) close();
      // A piece of output can begin in the middle of a line; the inner view marks every line of it.
      inner.event(redactDeep(event, neutralise));
    },
    finish: async (report: RunReport) => {
      close();
      await inner.finish(options.json ? report : redactDeep(report, neutralise));
      for (const line of annotationsOf(report, root)) writeLine(line);
    },
  };
};
