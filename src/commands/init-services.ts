import path from 'node:path';
import process from 'node:process';

import { readTextFile, writeTextFile, type TextFile } from '../checkout/text-file.ts';
import { DevsetupError, messageOf } from '../core/errors.ts';
import { createRedactor } from '../core/redact.ts';
import { runCommand } from '../process/run-command.ts';
import type { InitServices } from '../scaffold/init-services.ts';
import type { Choice } from '../scaffold/plan/choose-options.ts';
import type { Template } from '../scaffold/template/template.ts';
import { optionProblem } from '../scaffold/template/check-options.ts';
import { askChoice, askText, askYesNo } from '../ui/prompts.ts';
import { renderFound, renderInitPlan, renderInitScripts } from '../ui/render-init.ts';
import type { CommonOptions } from './common-options.ts';
import type { Terminal } from './terminal.ts';

/** How `init` talks: everything on stderr, so that stdout holds the result alone. */
export const createInitServices = (
  options: CommonOptions,
  terminal: Terminal,
): InitServices<TextFile> & { readonly redact: (line: string) => string } => {
  const { stderr } = process;
  const { host, signal } = terminal;
  const isSilent = terminal.ui(options) === 'silent';
  const canAsk = options.yes !== true && terminal.canAsk();
  // No project is loaded that could name its secrets: passwords in addresses are masked by their form.
  const { redact } = createRedactor();
  const text = {
    columns: stderr.isTTY ? stderr.columns : undefined,
    color: terminal.color(stderr),
    verbose: options.verbose === true,
    redact,
  };
  const choose: InitServices<TextFile>['choose'] = async (question, choices) => {
    const usual = choices[0]?.value;
    if (usual === undefined) throw new Error(`${question} has no answers`);
    return (await askChoice({ question, choices, usual }, signal)) ?? usual;
  };
  return {
    files: { read: readFile, write: writeTextFile },
    env: host.env,
    signal,
    runCommand,
    onOutput: (chunk) => {
      if (!isSilent) terminal.print(stderr, redact(chunk));
    },
    canAsk,
    isAllowed: options.yes === true,
    choose,
    confirm: (question) => askYesNo(`${question} [y/N] `, signal),
    showFound: (found) => {
      if (canAsk && !signal.aborted) terminal.print(stderr, renderFound(found, text));
    },
    showScripts: (scripts) => {
      if ((canAsk || !isSilent) && !signal.aborted) terminal.print(stderr, renderInitScripts(scripts, text));
    },
    askOpenOptions: async (choices, template) =>
      canAsk ? askOpenOptions(choices, template, { choose, signal }) : choices,
    showPlan: (plan) => {
      // A file that devsetup did not write is never replaced without showing how, not even with `--ui silent`.
      const isSeen = canAsk || !isSilent || plan.files.some(({ action }) => action === 'conflict');
      if (isSeen) terminal.print(stderr, renderInitPlan(plan, text));
    },
    redact,
  };
};

const readFile = async (file: string, root: string): Promise<TextFile | undefined> => {
  try {
    return await readTextFile(file, root);
  } catch (cause) {
    const name = path.relative(root, file);
    throw new DevsetupError({
      code: 'INIT_FILE_UNREADABLE',
      message: `${name} cannot be read: ${messageOf(cause)}.`,
      hint: `Replace ${name} by a text file of this checkout, or remove it, and run \`npx devsetup init\` again.`,
      cause,
    });
  }
};

/** Asked for if no file of the checkout says them: they have to match production. */
const ASKED: readonly string[] = ['pythonVersion', 'postgresVersion', 'deploy', 'registry'];

const askOpenOptions = async (
  choices: readonly Choice[],
  template: Pick<Template, 'options'>,
  { choose, signal }: Pick<InitServices<TextFile>, 'choose' | 'signal'>,
): Promise<readonly Choice[]> => {
  const settled: Choice[] = [];
  for (const choice of choices) {
    const { option, by, value } = choice;
    const isOpen = by === 'default' && ASKED.includes(option) && !signal.aborted;
    const answer = isOpen ? await askOne(choice, template, { choose, signal }) : value;
    settled.push(answer === value ? choice : { option, value: answer, by: 'flag', source: null });
  }
  return settled;
};

const ANOTHER = '';

/** Chosen from a list if there are usual values, typed otherwise. A value that the option does not take is asked for again. */
const askOne = async (
  { option, value }: Choice,
  template: Pick<Template, 'options'>,
  { choose, signal }: Pick<InitServices<TextFile>, 'choose' | 'signal'>,
): Promise<string> => {
  const { description = option, values = null, proposals = [] } = template.options[option] ?? {};
  const offered = [...new Set([value, ...(values ?? proposals)])].map((each) => ({ value: each, label: each }));
  const another = { value: ANOTHER, label: 'another …' };
  const chosen =
    offered.length === 1 ? ANOTHER : await choose(description, values === null ? [...offered, another] : offered);
  if (chosen !== ANOTHER || signal.aborted) return chosen === ANOTHER ? value : chosen;
  const verify = (answer: string): string | undefined => optionProblem(template, option, answer);
  return (await askText({ question: description, usual: value, verify }, signal)) ?? value;
};
