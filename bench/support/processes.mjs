import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/**
 * @typedef {{ program: string, args: readonly string[], cwd: string, env: Record<string, string> }} Command
 */

const TAIL = 4000;

/**
 * Runs a command to its end, with its output read and dropped, as by a hook's log.
 *
 * @param {Command} command
 * @param {{ mayFail?: boolean, onStart?: (pid: number) => void }} [options]
 * @returns {Promise<number>} wall seconds
 */
export const time = (command, { mayFail = false, onStart } = {}) =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const { program, args, cwd, env } = command;
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid !== undefined) onStart?.(child.pid);
    let tail = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        tail = (tail + chunk).slice(-TAIL);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 || mayFail) resolve((performance.now() - started) / 1000);
      else reject(new Error(`${[program, ...args].join(' ')} ended with ${code}:\n${tail}`));
    });
  });

const SAMPLE_MILLISECONDS = 25;

/**
 * Peak memory of a command and everything it starts, in MiB: resident (`rss`, pages that forked processes share are counted in each) and
 * proportional (`pss`, shared pages are divided). Linux only: it reads /proc.
 *
 * @param {Command} command
 */
export const peakMemory = async (command) => {
  const peak = { rss: 0, pss: 0, processes: 0 };
  let timer;
  await time(command, {
    onStart: (root) => {
      timer = setInterval(() => {
        const pids = processTree(root);
        const sum = (field) => pids.reduce((total, pid) => total + readKib(pid, field), 0) / 1024;
        peak.rss = Math.max(peak.rss, sum('Rss'));
        peak.pss = Math.max(peak.pss, sum('Pss'));
        peak.processes = Math.max(peak.processes, pids.length);
      }, SAMPLE_MILLISECONDS);
    },
  }).finally(() => clearInterval(timer));
  return peak;
};

const processTree = (root) => {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(name);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const collect = (pid) => [pid, ...(children.get(pid) ?? []).flatMap(collect)];
  return collect(root);
};

const readProc = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // It ended between being listed and being read.
  }
};

// The name of the program is in parentheses and may hold anything; the parent is the second field after them.
const parentOf = (pid) => Number(readProc(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1] ?? 0);

const readKib = (pid, field) =>
  Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readProc(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);

/** Of Linux, whatever the processor. */
const TICKS_PER_SECOND = 100;

/**
 * CPU that the children of a process have used, those that ended included (the process has to wait for them, as PostgreSQL does). Linux
 * only.
 *
 * @param {number} pid
 */
export const childrenCpuSeconds = (pid) => {
  const ticks = (process, fields) => {
    const rest = readProc(`/proc/${process}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    return fields.reduce((sum, field) => sum + Number(rest[field] ?? 0), 0);
  };
  // By number of the field after the name: utime and stime are 11 and 12, those of children that ended 13 and 14.
  const living = processTree(pid).slice(1);
  return (
    [ticks(pid, [13, 14]), ...living.map((child) => ticks(child, [11, 12, 13, 14]))].reduce((a, b) => a + b, 0) /
    TICKS_PER_SECOND
  );
};

/** A program on PATH, or undefined. */
export const findTool = (name) =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
