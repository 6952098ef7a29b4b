/**
 * What a new terminal says about a checkout. The file of all notices is read by the shell snippets of `devsetup shell-hook`, which
 * may be older or newer than the devsetup that writes it: columns are only ever added at the end.
 */
export interface Notice {
  /** `running` is shown as `gone` once the process is no more. */
  readonly status: 'failed' | 'interrupted' | 'running';
  readonly pid: number;
  /** See `readProcessStart`. */
  readonly processStart: string | null;
  /** The real path of the checkout. */
  readonly root: string;
  /** One sentence with what to type. */
  readonly text: string;
  /** The same, for a run that was cut short. */
  readonly gone: string;
}

const COLUMNS = ['status', 'pid', 'processStart', 'root', 'text', 'gone'] as const;

/** Shells take white space between fields as one, so none may be empty. */
const NOTHING = '-';

/** Control characters, and those that change the direction or are not seen: a path must not steer the terminal. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

export const printable = (text: string): string => text.replaceAll(UNPRINTABLE, '?');

const STATUSES: readonly string[] = ['failed', 'interrupted', 'running'] satisfies readonly Notice['status'][];

/** One line each, fields between tabs. */
export const renderNotices = (notices: readonly Notice[]): string =>
  notices
    .map((notice) => `${COLUMNS.map((column) => printable(String(notice[column] ?? '')) || NOTHING).join('\t')}\n`)
    .join('');

/** Lines that are not understood are left out: they cost a terminal time and say nothing. */
export const parseNotices = (text: string): readonly Notice[] =>
  text.split('\n').flatMap((line): readonly Notice[] => {
    const [status = '', pid, processStart, root, said, gone] = line.split('\t');
    if (!STATUSES.includes(status) || root === undefined || said === undefined || gone === undefined) return [];
    return [
      {
        status: status as Notice['status'],
        pid: Number(pid),
        processStart: processStart === NOTHING || processStart === undefined ? null : processStart,
        root,
        text: said,
        gone,
      },
    ];
  });
