import {
  createSource,
  joinPlaced,
  placeInstead,
  placeRange,
  slicePlaced,
  spanOf,
  type PlacedText,
} from '../../core/placed-text.ts';
import { withoutPrivateUse } from '../../core/private-use.ts';
import type { Variable } from '../../shell/shell-run.ts';
import { isPublicImage } from '../images/own-images.ts';
import { parseReference } from '../images/parse-reference.ts';
import type { Command, Copied, ImageStart } from './container-start.ts';
import { joinPath, pathInImage } from './join-path.ts';

const LARGEST = 200_000;
/** Copies between stages multiply. */
const MOST_COPIES = 200;
const MOST_WRITING = 20;

interface Stage extends ImageStart {
  readonly name: string | null;
}

/** How an image starts, by its last stage or target and the stages below it; null: the stage does not exist. */
export const readDockerfileStart = (
  file: string,
  text: string,
  { context, target }: { readonly context: string; readonly target: string | null },
): ImageStart | null => {
  if (text.length > LARGEST) return null;
  const clean = withoutPrivateUse(text).replaceAll('\r\n', '\n');
  const placed = placeRange(createSource(file, clean), 0, clean.length);
  const stages: Stage[] = [];
  for (const { name, rest, documents } of instructionsOf(placed)) {
    if (name === 'FROM') {
      stages.push(openStage(rest, stages));
      continue;
    }
    const stage = stages.at(-1);
    if (stage === undefined) continue;
    const writing = [...stage.writing, ...writtenBy(name, rest, documents)].slice(-MOST_WRITING);
    stages[stages.length - 1] = { ...follow(stage, name, rest, { context, stages }), writing };
  }
  return (target === null ? stages.at(-1) : stages.find(({ name }) => name === target.toLowerCase())) ?? null;
};

/** An instruction with what follows it: lines that end with a backslash are joined, and here-documents belong to it. */
interface Instruction {
  readonly name: string;
  readonly rest: PlacedText;
  /** Behind the line, as far as the last mark; null: none. */
  readonly documents: PlacedText | null;
}

const INSTRUCTION = /^[ \t]*([a-z]+)[ \t]+((?:[^\n\\]|\\\r?\n(?:[ \t]*#.*\n)*|\\.)*)/gim;

const instructionsOf = (placed: PlacedText): readonly Instruction[] => {
  const found: Instruction[] = [];
  let from = 0;
  for (const match of placed.text.matchAll(INSTRUCTION)) {
    if (match.index < from) continue;
    const [whole, written = '', rest = ''] = match;
    const name = written.toUpperCase();
    const end = match.index + whole.length;
    const last = /^(?:RUN|COPY|ADD)$/.test(name) ? endOfDocuments(rest, placed.text, end) : end;
    const documents = last > end ? slicePlaced(placed, end, last) : null;
    found.push({ name, rest: slicePlaced(placed, end - rest.length, end), documents });
    from = last;
  }
  return found;
};

/** Where the here-documents of a line end. */
const endOfDocuments = (rest: string, text: string, start: number): number => {
  let end = start;
  for (const [, strips, quoted, plain = ''] of rest.matchAll(/<<(-?)(?:["'](\w+)["']|(\w+))/g)) {
    const mark = new RegExp(`^${strips === '' ? '' : '\\t*'}${quoted ?? plain}$`, 'gm');
    mark.lastIndex = end + 1;
    const found = mark.exec(text);
    if (found === null) return start;
    end = found.index + found[0].length;
  }
  return end;
};

const NOTHING_SAID = {
  entrypoint: null,
  command: null,
  directory: '/',
  copied: [],
  variables: new Map<string, Variable>(),
  writing: [],
};

const openStage = (rest: PlacedText, stages: readonly Stage[]): Stage => {
  const [, from = '', name] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(rest.text) ?? [];
  const base = stages.find((stage) => stage.name === from.toLowerCase());
  const isPublic = /^scratch$/i.test(from) || isPublicImage(parseReference(from));
  const start = base ?? { ...NOTHING_SAID, base: isPublic ? null : from };
  return { ...start, name: name?.toLowerCase() ?? null, span: spanOf(rest) };
};

const follow = (
  stage: Stage,
  name: string,
  rest: PlacedText,
  { context, stages }: { readonly context: string; readonly stages: readonly Stage[] },
): Stage => {
  switch (name) {
    // An entry point of its own takes the place of the base's command.
    case 'ENTRYPOINT':
      return { ...stage, entrypoint: commandIn(rest), command: null, span: spanOf(rest) };
    case 'CMD':
      return { ...stage, command: commandIn(rest), span: spanOf(rest) };
    case 'WORKDIR':
      return { ...stage, directory: pathInImage(stage.directory, fill(rest.text.trim(), stage.variables)) };
    case 'ENV':
    case 'ARG':
      return { ...stage, variables: new Map([...stage.variables, ...variablesIn(rest)]) };
    case 'COPY':
    case 'ADD': {
      const added = copiedBy(fill(rest.text, stage.variables), stage, context, stages);
      return { ...stage, copied: [...stage.copied, ...added].slice(-MOST_COPIES) };
    }
    default:
      return stage;
  }
};

/** `RUN echo … > start.sh`, `COPY <<EOF start.sh`: a script that writes the same. */
const writtenBy = (name: string, rest: PlacedText, documents: PlacedText | null): readonly PlacedText[] => {
  const whole = documents === null ? rest : joinPlaced([rest, documents, placeInstead('\n', rest)]);
  if (name === 'RUN') return />|\btee\b/.test(rest.text) ? [whole] : [];
  const [, mark, to] = /^(?:--\S+\s+)*(<<-?["']?\w+["']?)\s+(\S+)\s*$/.exec(rest.text) ?? [];
  if (documents === null || mark === undefined || to === undefined) return [];
  return [joinPlaced([placeInstead(`cat ${mark} > ${to}`, rest), documents, placeInstead('\n', rest)])];
};

/** `["a", "b"]`, or a text for a shell. */
const commandIn = (rest: PlacedText): Command => {
  if (!/^\s*\[/.test(rest.text)) return { form: 'text', text: rest };
  const words = [...rest.text.matchAll(/"((?:[^"\\]|\\[^])*)"/g)].map(({ index, 0: whole }) =>
    slicePlaced(rest, index + 1, index + whole.length - 1),
  );
  return { form: 'words', words };
};

const fill = (text: string, variables: ImageStart['variables']): string =>
  text.replaceAll(
    /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
    (all, braced?: string, word?: string, plain?: string) => variables.get(braced ?? plain ?? '')?.value ?? word ?? all,
  );

const variablesIn = (rest: PlacedText): readonly (readonly [string, Variable])[] => {
  const span = spanOf(rest);
  const pairs = [...rest.text.matchAll(/(?:^|\s)(\w+)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S*))/g)];
  if (pairs.length === 0) {
    const [, name, value] = /^(\w+)[ \t]+(.+)$/s.exec(rest.text) ?? [];
    return name === undefined || value === undefined ? [] : [[name, { value: value.trim(), span }]];
  }
  return pairs.map(([, name = '', double, single, plain = '']) => [name, { value: double ?? single ?? plain, span }]);
};

const copiedBy = (text: string, { directory }: Stage, context: string, stages: readonly Stage[]): readonly Copied[] => {
  const words = text.trim().startsWith('[')
    ? [...text.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word)
    : text.split(/[\s\\]+/).filter((word) => word !== '');
  const other = words
    .find((word) => word.startsWith('--from='))
    ?.slice('--from='.length)
    .toLowerCase();
  const [to, ...sources] = words.filter((word) => !word.startsWith('--')).toReversed();
  if (to === undefined) return [];
  const target = pathInImage(directory, to);
  if (other === undefined) {
    return sources.flatMap((source) => {
      const from = joinPath(context, source.replace(/^\/+/, ''));
      return from === null ? [] : [{ from, to: target }];
    });
  }
  const stage = stages.find(({ name }, index) => name === other || String(index) === other);
  if (stage === undefined) return [];
  return sources.flatMap((source) =>
    locate(pathInImage('/', source), stage.copied).map((from) => ({ from, to: target })),
  );
};

/** Where a path of a container may be in the checkout, the last copy first. */
export const locate = (path: string, copied: readonly Copied[]): readonly string[] =>
  copied.toReversed().flatMap(({ from, to }) => {
    const folder = to.replace(/\/$/, '');
    if (path === folder) return [from];
    if (!path.startsWith(`${folder}/`)) return [];
    const rest = path.slice(folder.length + 1);
    const name = from.slice(from.lastIndexOf('/') + 1);
    const inside = name.includes('*') ? from.slice(0, Math.max(0, from.length - name.length - 1)) : from;
    return [...(name === rest ? [from] : []), inside === '' ? rest : `${inside}/${rest}`];
  });
