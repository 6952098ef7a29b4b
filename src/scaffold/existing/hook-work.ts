import path from 'node:path';

import { judgeScript } from '../setup-script/judge-script.ts';
import type { SetupScript } from '../setup-script/setup-script.ts';

/** What the command of a hook does, with the scripts it runs. */
export interface HookWork {
  /** `all`: devsetup does all of it · `part`: some of it · `none` */
  readonly isTakenOver: 'all' | 'part' | 'none';
  /** What is taken over, as words: `pip install -r requirements.txt`, or the names of scripts. */
  readonly names: readonly string[];
  /** A server or worker that does not end is started by it. */
  readonly keepsRunning: boolean;
}

export interface HookScripts {
  readonly file: string;
  readonly workspaceFolder: string;
  readonly scripts: readonly SetupScript[];
  /** Lines of scripts, as `file:line`, that are own steps of the configuration, or will be. */
  readonly steps?: ReadonlySet<string>;
}

export const judgeHookCommand = (text: string, { file, workspaceFolder, scripts, steps }: HookScripts): HookWork => {
  const own = judgeScript(text, { file, workspaceFolder });
  const called: SetupScript[] = [];
  let isMissing = false;
  const open = [...own.calls];
  for (let call = open.shift(); call !== undefined; call = open.shift()) {
    const name = path.posix.normalize(call.file);
    const found = scripts.find((script) => script.file === name);
    if (found === undefined) isMissing = true;
    else if (!called.includes(found)) {
      called.push(found);
      open.push(...found.calls);
    }
  }
  const all = [own, ...called];
  const isRead = !isMissing && all.every(({ mistakes }) => mistakes.length === 0);
  const unknown = all.flatMap((script) =>
    script.unknown.filter(({ line }) => steps?.has(`${script.file}:${line}`) !== true),
  );
  const does = all.some(({ takenOver }) => takenOver.length > 0);
  return {
    isTakenOver: does ? (isRead && unknown.length === 0 ? 'all' : 'part') : 'none',
    names: [...own.takenOver.map((line) => line.text), ...called.map((script) => script.file)],
    keepsRunning: /&\s*$/.test(text) || unknown.some(({ note }) => note === 'keeps-running'),
  };
};
