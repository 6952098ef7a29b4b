import path from 'node:path';
import process from 'node:process';

import { DevsetupError } from '../core/errors.ts';
import { redactDeep } from '../core/redact-deep.ts';
import { createRedactor } from '../core/redact.ts';
import { visibleText } from '../core/visible-text.ts';
import { isMisplaced } from '../ui/render-audit.ts';
import { renderDecoupleReport } from '../ui/render-decouple.ts';
import { askYesNo } from '../ui/prompts.ts';
import type { FixingDone } from './audit-fixing.ts';
import type { Look } from './audit-look.ts';
import type { CommonOptions } from './common-options.ts';
import { runDecouple } from './decouple-run.ts';
import type { Terminal } from './terminal.ts';

const SHOW_IT = 'Show what `devsetup decouple` would change? It asks before it writes. [y/N] ';

/**
 * `--fix`, after its own fixes: migrations in the wrong place are what `devsetup decouple` is for. On a terminal it is run if the answer is yes, and asks
 * again before it writes. Without a terminal, and with `--yes`, a sentence names it: nobody has seen its plan.
 *
 * @throws if it is interrupted
 */
export const offerToDecouple = async (
  looks: readonly Look[],
  paths: readonly string[],
  options: CommonOptions,
  terminal: Terminal,
): Promise<Pick<FixingDone, 'hasChanged' | 'notes'>> => {
  const [look, ...others] = looks;
  const misplaced = looks.flatMap(({ result }) =>
    result.findings.filter(({ suppressed, rule }) => suppressed === null && isMisplaced(rule)),
  );
  if (misplaced.length === 0 || look === undefined) return { hasChanged: false, notes: [] };
  if (options.yes === true || !terminal.canAsk() || others.length > 0) {
    const note = 'Migrations in the wrong place are not moved by --fix: type `npx devsetup decouple`.';
    return { hasChanged: false, notes: [terminal.typed(note)] };
  }
  const isWanted = await askYesNo(SHOW_IT, terminal.signal);
  if (terminal.signal.aborted) throw interrupted();
  if (!isWanted) return { hasChanged: false, notes: [] };
  const { cwd, version } = terminal.host;
  const { redact } = createRedactor();
  const report = await runDecouple({
    cwd,
    files: paths,
    version,
    project: options.project,
    configFile: options.config === undefined ? undefined : path.resolve(cwd, options.config),
    with: 'devsetup',
    secret: null,
    isDryRun: false,
    isAllowed: false,
    isQuiet: false,
    command: 'npx devsetup decouple',
    redact,
    terminal,
  });
  if (report.outcome === 'interrupted') throw interrupted();
  const { stderr } = process;
  const text = { columns: stderr.columns, color: terminal.color(stderr), redact };
  // The audit that follows is what would come next.
  const shown = { ...report, next: report.next.filter((command) => command !== 'npx devsetup audit') };
  const visible = redactDeep(shown, (each) => terminal.typed(visibleText(each)));
  terminal.print(stderr, `${renderDecoupleReport(visible, text)}\n`);
  return { hasChanged: report.outcome === 'done', notes: [] };
};

const interrupted = (): Error =>
  new DevsetupError({ code: 'INTERRUPTED', message: 'Interrupted. decouple has written nothing.' });
