import type { ShellHabit } from '../../shell/shell-run.ts';

/** Their shell gets the script as it is: what follows a failed command is run, and the last status counts. */
const CONTINUES = new Set([
  'appleboy/ssh-action',
  'fifsky/ssh-action',
  'd3rhase/ssh-command-action',
  'garygrossgarten/github-action-ssh',
  'jimcronqvist/action-ssh',
  'nick-fields/retry',
  'nick-invision/retry',
  'addnab/docker-run-action',
]);
/** They join the lines of the script with `&&`. */
const JOINS = new Set(['cross-the-world/ssh-pipeline', 'cross-the-world/ssh-scp-ssh-pipelines']);

/** Whether the shell of an action stops at a failure in its script. `isStopped`: `script_stop: true` is given. */
export const habitOf = (action: string, ref: string, isStopped: boolean): ShellHabit => {
  if (action === 'appleboy/ssh-action' && isStopped) return habitOfStop(ref);
  if (isStopped) return { stops: true, why: '`script_stop: true`' };
  if (JOINS.has(action)) return { stops: true, why: `${action} joins the lines with \`&&\`` };
  if (CONTINUES.has(action)) return { stops: false, why: `${action} runs its script without \`set -e\`` };
  return { stops: null, why: `whether ${action} stops at a failure is not known` };
};

/** The input was removed in v1.2.1, which `v1` and the branches have. */
const habitOfStop = (ref: string): ShellHabit => {
  const [, major, minor, patch] = /^v?(\d+)(?:\.(\d+)\.(\d+))?$/.exec(ref) ?? [];
  if (major === undefined && !/^(?:master|main)$/.test(ref)) {
    return { stops: null, why: `whether ${ref} of appleboy/ssh-action has \`script_stop\` is not known` };
  }
  const number = Number(major ?? 1) * 10_000 + Number(minor ?? 99) * 100 + Number(patch ?? 99);
  return major === '0' || number <= 10_200
    ? { stops: true, why: '`script_stop: true`' }
    : { stops: false, why: '`script_stop` has no effect since v1.2.1 of appleboy/ssh-action' };
};
