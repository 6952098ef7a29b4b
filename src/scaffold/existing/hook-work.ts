import path from 'node:path';

import { shellWord } from '../../core/shell-word.ts';
import { lineKey } from '../plan/offer-steps.ts';
import type { CheckoutCode } from '../setup-script/endings/checkout-code.ts';
import { judgeScript } from '../setup-script/judge-script.ts';
import { whyLeft } from '../setup-script/why-left.ts';
import type { SetupScript } from '../setup-script/setup-script.ts';

/** What the command of a hook does, with the scripts it runs. */
export interface HookWork {
  /** `all`: devsetup does all of it · `part`: some of it · `none` */
  readonly isTakenOver: 'all' | 'part' | 'none';
  /** What is taken over, as words: `pip install -r requirements.txt`, or the names of scripts. */
  readonly names: readonly string[];
  /** A server or worker that does not end is started by it. */
  readonly keepsRunning: boolean;
  /** Nothing that follows it would ever be run. */
  readonly isEndless: boolean;
  /** Scripts of the checkout that it runs, by those that these run. */
  readonly scripts: readonly string[];
  /** Its own text does what devsetup does, and more. */
  readonly isMixed: boolean;
  /** Commands that put an env file where none is, from its sample: they stay in the hook. */
  readonly copying: readonly string[];
  /** Lines that devsetup does not do. */
  readonly left: readonly {
    readonly file: string;
    readonly line: number;
    readonly text: string;
    readonly why: string;
  }[];
}

export interface HookScripts {
  readonly file: string;
  readonly workspaceFolder: string;
  readonly scripts: readonly SetupScript[];
  readonly code: CheckoutCode;
  /** Lines of scripts and of hooks, as `lineKey`, that are own steps of the configuration, or will be. */
  readonly steps?: ReadonlySet<string>;
}

export const judgeHookCommand = (
  text: string,
  { file, workspaceFolder, scripts, code, steps }: HookScripts,
): HookWork => {
  const own = judgeScript(text, { file, workspaceFolder, code });
  const called: SetupScript[] = [];
  let isMissing = false;
  const open = [...own.calls];
  for (let call = open.shift(); call !== undefined; call = open.shift()) {
    const name = path.posix.normalize(call.file);
    const targets = call.targets?.join();
    const found = scripts.find((script) => script.file === name && script.targets?.join() === targets);
    if (found === undefined) isMissing = true;
    else if (!called.includes(found)) {
      called.push(found);
      open.push(...found.calls);
    }
  }
  const all = [own, ...called];
  const isRead = !isMissing && all.every(({ mistakes }) => mistakes.length === 0);
  const left = all.flatMap(({ file: name, unknown }) =>
    unknown
      .filter(({ text: shown }) => steps?.has(lineKey(name, shown)) !== true)
      .map((line) => ({ ...line, file: name })),
  );
  const isInBackground = /&\s*$/.test(text);
  const does = all.some(({ takenOver }) => takenOver.length > 0);
  return {
    isTakenOver: does ? (isRead && left.length === 0 ? 'all' : 'part') : 'none',
    names: [...own.takenOver.map((line) => line.text), ...called.map((script) => script.file)],
    keepsRunning: isInBackground || left.some(({ note }) => note === 'keeps-running'),
    isEndless: !isInBackground && left.some(({ note, isBackground }) => note === 'keeps-running' && !isBackground),
    scripts: called.map((script) => script.file),
    isMixed: own.takenOver.length > 0 && own.unknown.length > 0,
    copying: all
      .flatMap(({ copies }) => copies)
      .map(({ from, to }) => `(test -e ${shellWord(to)} || cp ${shellWord(from)} ${shellWord(to)})`),
    left: left.map((line) => ({ file: line.file, line: line.line, text: line.text, why: whyLeft(line) })),
  };
};
