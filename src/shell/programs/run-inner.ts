import type { PlacedText, Span } from '../../core/placed-text.ts';
import type { Layer, ShellWord, Variable } from '../shell-run.ts';
import {
  NOTHING_WAITING,
  UNKNOWN_SAID,
  type Cell,
  type Machine,
  type Outcome,
  type Place,
  type Shell,
  type Started,
} from '../machine/machine.ts';
import { isDeep } from '../machine/effort.ts';
import { pathFrom } from '../walk/paths.ts';
import { readCheckout } from '../walk/read-checkout.ts';
import type { Inner, InnerLayer, ShellFlags } from './inner.ts';
import { runPython } from './run-python.ts';
import { flagsOf } from './shells.ts';

/** Follows what a program runs. */
export const runInner = (inner: Inner, command: Started, place: Place, machine: Machine): Outcome => {
  if (isDeep(place, machine, () => command.span)) return UNKNOWN_SAID;
  switch (inner.kind) {
    case 'words': {
      const shell = innerShell(inner, command, place);
      return machine.runWords(
        {
          words: inner.words,
          prefix: inner.inherits ? command.prefix : new Map(),
          span: spanOfWords(inner.words, command.span),
        },
        {
          ...innerPlace(ignoring(inner, place), shell, inner.layers, command.span),
          code: place.code,
          after: place.after,
        },
      );
    }
    case 'text': {
      const isEval = command.words[0]?.value === 'eval';
      const shell = isEval
        ? place.shell
        : { ...innerShell(inner, command, place), ...inner.flags, args: inner.args ?? [] };
      if (inner.folder !== undefined) shell.directory = pathFrom(shell.directory, inner.folder);
      const input = inner.takesInput ? null : place.input;
      const outer = ignoring(inner, place);
      const layers = [...inner.layers, ...fileLayers(inner.text, command, inner.takesInput)];
      return machine.runText(inner.text, {
        ...innerPlace(outer, shell, layers, command.span),
        fate: outer.fate,
        input,
      });
    }
    case 'script':
      return runScript(inner, command, place, machine);
    case 'python': {
      const layers = [...place.layers, { kind: 'python', name: null, span: command.span } as const];
      return runPython(inner.text, { ...place, layers, depth: place.depth + 1 }, machine);
    }
  }
};

const ignoring = ({ ignored }: Extract<Inner, { readonly kind: 'text' | 'words' }>, place: Place): Place =>
  ignored === undefined ? place : { ...place, fate: { kind: 'swallowed', ...ignored } };

/** `bash -s < deploy.sh`: what is read is a script of the checkout. */
const fileLayers = (text: PlacedText, { span }: Started, isRead: boolean): readonly InnerLayer[] => {
  const file = text.segments[0]?.source.file;
  return isRead && file !== undefined && file !== span.file ? [{ kind: 'script', name: file }] : [];
};

/** From the first word to the last, where both are written in one place. */
const spanOfWords = (words: readonly ShellWord[], whole: Span): Span => {
  const first = words[0]?.span ?? whole;
  const last = words.at(-1)?.span ?? whole;
  const isInOrder = last.endLine > first.line || (last.endLine === first.line && last.endColumn >= first.column);
  return first.file === last.file && isInOrder ? { ...first, endLine: last.endLine, endColumn: last.endColumn } : whole;
};

const innerPlace = (place: Place, shell: Shell, layers: readonly InnerLayer[], span: Span): Place => ({
  ...place,
  shell,
  layers: [...place.layers, ...layers.map((layer): Layer => ({ ...layer, span }))],
  shellFate: place.fate,
  negatedFate: null,
  returnFate: null,
  loop: null,
  isHeeded: true,
  after: null,
  depth: place.depth + 1,
});

const innerShell = (
  { inherits, isHere, variables }: Extract<Inner, { readonly kind: 'text' | 'words' }>,
  { prefix }: Started,
  { shell }: Place,
): Shell => ({
  ...startShell(inherits ? exportedBy(shell, prefix) : new Map(), variables),
  directory: isHere ? shell.directory : null,
  elsewhere: isHere ? shell.elsewhere : '',
  files: isHere ? shell.files : new Map(shell.files),
  environment: isHere ? shell.environment : new Map(),
  outputs: isHere ? shell.outputs : new Map(),
  isTraced: false,
});

const startShell = (cells: Map<string, Cell>, variables: ReadonlyMap<string, Variable> = new Map()): Shell => {
  for (const [name, variable] of variables) cells.set(name, cellOf(variable));
  return {
    variables: cells,
    functions: new Map(),
    assumed: new Map(),
    exported: new Set(cells.keys()),
    directory: null,
    elsewhere: '',
    errexit: false,
    errexitOff: null,
    exitsWell: null,
    pipefail: false,
    isTraced: false,
    args: [],
    file: null,
    files: new Map(),
    environment: new Map(),
    outputs: new Map(),
    waiting: NOTHING_WAITING,
  };
};

export const cellOf = ({ value, span }: Variable): Cell => ({ list: null, value, span, origins: [] });

/** What a process that is started here has in its environment. */
const exportedBy = (shell: Shell, prefix: ReadonlyMap<string, Variable>): Map<string, Cell> => {
  const cells = new Map([...shell.variables].filter(([name]) => shell.exported.has(name)));
  for (const [name, variable] of prefix) cells.set(name, cellOf(variable));
  return cells;
};

const runScript = (
  inner: Extract<Inner, { readonly kind: 'script' }>,
  command: Started,
  place: Place,
  machine: Machine,
): Outcome => {
  const found = readCheckout(inner.path.value, place, machine);
  if (found === null) {
    const path = inner.path.value;
    if (looksLikeScript(inner, place)) machine.unknownScripts.push({ path, span: command.span });
    return UNKNOWN_SAID;
  }
  const layer: Layer = { kind: 'script', name: found.path, span: command.span };
  const args: readonly ShellWord[] = inner.args;
  const isPython = found.path.endsWith('.py');
  if (isPython) {
    return runPython(found.text, { ...place, layers: [...place.layers, layer], depth: place.depth + 1 }, machine);
  }
  if (inner.isSourced) {
    const before = { args: place.shell.args, file: place.shell.file };
    if (args.length > 0) place.shell.args = args;
    const outcome = machine.runText(found.text, {
      ...place,
      layers: [...place.layers, layer],
      after: null,
      depth: place.depth + 1,
    });
    Object.assign(place.shell, before);
    return { said: outcome.said, ends: false };
  }
  const flags = inner.isExecuted ? shebangFlags(found.text.text) : inner.flags;
  const shell: Shell = {
    ...startShell(exportedBy(place.shell, command.prefix)),
    ...flags,
    directory: place.shell.directory,
    elsewhere: place.shell.elsewhere,
    files: place.shell.files,
    environment: place.shell.environment,
    outputs: place.shell.outputs,
    args,
    file: found.path,
  };
  const outcome = machine.runText(found.text, {
    ...innerPlace(place, shell, [], command.span),
    layers: [...place.layers, layer],
  });
  return { said: outcome.said, ends: false };
};

const shebangFlags = (text: string): ShellFlags => {
  const [line = ''] = text.split('\n', 1);
  return flagsOf(line.startsWith('#!') ? line.split(/\s+/).slice(1) : []);
};

/** A script of the project, and not a program of the system or the environment of a shell. */
const looksLikeScript = (
  { path, isSourced, isExecuted }: Extract<Inner, { readonly kind: 'script' }>,
  place: Place,
): boolean => {
  const { value } = path;
  if (isSourced)
    return (
      /\.(?:sh|bash)$/.test(value) && !/(?:^|\/)\.?(?:nvm|sdkman-init|conda|profile|bashrc|cargo|asdf)\b/.test(value)
    );
  void place;
  return (
    !isExecuted ||
    /\.(?:sh|bash)$/.test(value) ||
    (/^\.{1,2}\//.test(value) &&
      !/\.(?:py|js|jar|exe|rb|php)$|(?:^|\/)(?:gradlew|mvnw|manage\.py|node_modules\/)/.test(value) &&
      !/\/?node_modules\/|\/bin\//.test(value))
  );
};

export const isScriptPath = (value: string): boolean =>
  /\.(?:sh|bash)$/.test(value) ||
  (/^\.{1,2}\/|^\/(?!usr\/|bin\/|sbin\/)/.test(value) && !/\.(?:py|js|mjs|ts|jar|exe|rb|php)$/.test(value));
