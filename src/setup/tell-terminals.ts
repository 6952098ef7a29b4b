import { subjectOf } from '../core/failed-step.ts';
import type { RunReport } from '../core/report.ts';
import type { Host } from './host.ts';
import { noticeFile, postNotice, removeNotice } from '../state/notice-file.ts';
import { readProcessStart } from '../state/process-identity.ts';
import type { StateStore } from '../state/state-store.ts';

export interface NoticePlace {
  readonly root: string;
  readonly state: StateStore;
  readonly host: Pick<Host, 'pid' | 'typed'>;
  readonly startedAt: Date;
}

/** New terminals say that this run goes on, and if it is never heard of again, that it was cut short. */
export const tellRunning = ({ root, state, host, startedAt }: NoticePlace): Promise<void> =>
  postNotice(noticeFile(state), {
    status: 'running',
    pid: host.pid,
    processStart: readProcessStart(host.pid),
    root,
    text: asTyped(
      host,
      `the setup of ${root} is running since ${clock(startedAt)} (pid ${host.pid}). How far: npx devsetup status`,
    ),
    gone: asTyped(host, `the setup of ${root} of ${clock(startedAt)} was cut short. To go on: npx devsetup`),
  });

/** New terminals say that this run failed, or nothing any more. */
export const tellOutcome = async ({ root, state, host, startedAt }: NoticePlace, report: RunReport): Promise<void> => {
  const { outcome } = report;
  const { pid } = host;
  if (outcome !== 'failed' && outcome !== 'interrupted') return removeNotice(noticeFile(state), { root, pid });
  const step = report.steps.find(({ status }) => status === 'failed');
  const where = step === undefined ? '' : ` at "${subjectOf(step)}"`;
  const told =
    outcome === 'failed'
      ? `the setup of ${root} failed${where} (${clock(startedAt)}). What is wrong: npx devsetup doctor`
      : `the setup of ${root} was interrupted (${clock(startedAt)}). To go on: npx devsetup`;
  const text = asTyped(host, told);
  return postNotice(noticeFile(state), { status: outcome, pid, processStart: null, root, text, gone: text });
};

const asTyped = ({ typed }: Pick<Host, 'typed'>, text: string): string => typed?.(text) ?? text;

/** `2026-11-23 14:02`, as clocks show it here. */
const clock = (date: Date): string => {
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
};
