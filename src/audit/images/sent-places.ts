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

/** What `appleboy/scp-action` sends: each file keeps its path, without so many of its first folders. */
export const sentByAction = ({ action, with: given }: AuditedStep): readonly SentPlace[] => {
  if (action === null || !SCP_ACTION.test(action)) return [];
  const to = given.get('target')?.value ?? '';
  const strip = Number(given.get('strip_components')?.value ?? '0');
  if (to === '' || !Number.isInteger(strip)) return [];
  return (given.get('source')?.value ?? '')
    .split(/[\s,]+/)
    .filter((source) => source !== '' && isOfCheckout(source))
    .flatMap((source) => placesOf(source, to, { directory: '', isContent: false, strip }));
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
