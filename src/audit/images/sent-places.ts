import { hasHole } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { AuditedStep } from '../pipeline.ts';
import { pathBelow } from './checkout-paths.ts';
import { partOfWord } from './part.ts';
import { readOptions } from './read-options.ts';

/** A file or folder of the checkout that a job sends to a server. */
export interface SentPlace {
  /** In the checkout. */
  readonly from: string;
  /** On the server, without what stands for a home. */
  readonly to: string;
}

/** Where files of the checkout may come from that lie at a place of a server, the last that was sent there first. */
export const sourcesOf = (place: string, sent: readonly SentPlace[]): readonly string[] => {
  const wanted = normalPlace(place);
  return sent.toReversed().flatMap(({ from, to }) => {
    if (wanted === to) return [from];
    const folder = to === '/' ? to : `${to}/`;
    return wanted.startsWith(folder) ? [pathBelow(from, wanted.slice(folder.length))] : [];
  });
};

const normalPlace = (place: string): string =>
  `/${pathBelow(null, place.replace(/^(?:~|\/home\/[^/]+|\/root)(?=\/|$)/, ''))}`;

const RSYNC = new Set(
  '-e -f -B -T -M --rsh --rsync-path --filter --exclude --exclude-from --include --include-from --files-from --log-file --chown --chmod --timeout --port --password-file --bwlimit'.split(
    ' ',
  ),
);
const SCP = new Set('-c -D -F -i -J -l -o -P -S -X'.split(' '));

/** `rsync -az deploy/ host:/srv/shop`, `scp deploy/compose.yml host:/srv/shop/` */
export const sentByCall = ({ words: [program, ...rest], directory }: ShellCall): readonly SentPlace[] => {
  if (program === undefined || !/^(?:rsync|scp)$/.test(program.value) || directory === null) return [];
  const isRsync = program.value === 'rsync';
  const { positionals } = readOptions(rest.map(partOfWord), isRsync ? RSYNC : SCP);
  const [last = '', ...sources] = positionals.map(({ value }) => value).toReversed();
  const [, to] = /^[^/]*?:(.*)$/s.exec(last) ?? [];
  if (to === undefined) return [];
  return sources.toReversed().flatMap((source) => {
    if (!isOfCheckout(source)) return [];
    // With the slash, rsync sends what is in the folder; scp sends the folder.
    const isContent = isRsync ? /(?:^\.?|\/\.?)$/.test(source) : /(?:^|\/)\.$/.test(source);
    return placesOf(source, to, { directory, isContent, strip: null });
  });
};

const SCP_ACTION = /^(?:appleboy|cross-the-world)\/scp/;

/** Actions that send as rsync does, or what is in a folder; with the names of their inputs or variables. */
const SENDERS: readonly {
  readonly action: RegExp;
  readonly source: string;
  readonly target: string;
  readonly isContent: boolean;
}[] = [
  { action: /^burnett01\/rsync-deployments$/, source: 'path', target: 'remote_path', isContent: false },
  { action: /^easingthemes\/ssh-deploy$/, source: 'SOURCE', target: 'TARGET', isContent: false },
  { action: /^up9cloud\/action-rsync$/, source: 'SOURCE', target: 'TARGET', isContent: false },
  { action: /^wlixcc\/sftp-deploy-action$/, source: 'local_path', target: 'remote_path', isContent: true },
  { action: /^garygrossgarten\/github-action-scp$/, source: 'local', target: 'remote', isContent: true },
  { action: /^samkirkland\/ftp-deploy-action$/, source: 'local-dir', target: 'server-dir', isContent: true },
];

/** What an action sends. With `appleboy/scp-action` each file keeps its path, without so many of its first folders. */
export const sentByAction = (step: AuditedStep): readonly SentPlace[] => {
  const { action } = step;
  if (action === null) return [];
  const isScp = SCP_ACTION.test(action);
  const sender = isScp
    ? { source: 'source', target: 'target', isContent: false }
    : SENDERS.find((one) => one.action.test(action));
  if (sender === undefined) return [];
  const to = saidBy(step, sender.target);
  const strip = isScp ? Number(saidBy(step, 'strip_components') || '0') : null;
  if (to === '' || (strip !== null && !Number.isInteger(strip))) return [];
  return saidBy(step, sender.source)
    .split(/[\s,]+/)
    .filter((source) => source !== '' && isOfCheckout(source))
    .flatMap((source) => {
      const isContent = sender.isContent || /(?:^\.?|\/\.?)$/.test(source);
      return placesOf(source, to, { directory: '', isContent, strip });
    });
};

const saidBy = ({ with: given, environment }: AuditedStep, name: string): string => {
  const found = [...given].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  return (found ?? environment.get(name))?.value.trim() ?? '';
};

const isOfCheckout = (path: string): boolean => !/^[!/~-]/.test(path) && !hasHole(path) && !path.includes(':');

interface How {
  readonly directory: string;
  /** What is in the folder is sent, not the folder itself. */
  readonly isContent: boolean;
  /** The path is kept without so many parts; null: only the name is kept. */
  readonly strip: number | null;
}

const placesOf = (source: string, to: string, { directory, isContent, strip }: How): readonly SentPlace[] => {
  const star = source.search(/[*?[]/);
  const isPattern = star >= 0;
  const fixed = isPattern ? source.slice(0, source.lastIndexOf('/', star) + 1) : source;
  const from = pathBelow(directory, fixed);
  if (strip !== null) {
    const parts = from === '' ? [] : from.split('/');
    // Which folders below lose their names is not known.
    return strip > parts.length ? [] : [{ from, to: normalPlace([to, ...parts.slice(strip)].join('/')) }];
  }
  if (isContent || isPattern) return [{ from, to: normalPlace(to) }];
  const name = from.slice(from.lastIndexOf('/') + 1);
  const inside = { from, to: normalPlace(`${to}/${name}`) };
  // A file may get another name; whether that is a folder shows on the server only.
  return name.includes('.') && !to.endsWith('/') ? [{ from, to: normalPlace(to) }, inside] : [inside];
};
