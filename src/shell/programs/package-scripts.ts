import { placeInstead, slicePlaced, type PlacedText } from '../../core/placed-text.ts';
import type { ShellWord } from '../shell-run.ts';
import type { FoundFile } from '../walk/read-checkout.ts';
import { NO_FLAGS, type Given, type Inner } from './inner.ts';
import { optionSet, optionValue, skipOptions } from './options.ts';

const VALUED = optionSet('--prefix -C --cwd --dir -w --workspace --filter -F --loglevel');
const OWN = new Set(['test', 'start', 'stop', 'restart']);
const BUILT_IN = new Set(
  'install i ci add remove publish pack exec dlx x init link audit outdated why config cache login version info create up upgrade dedupe'.split(
    ' ',
  ),
);

/** `npm run x`, `yarn x`, `pnpm run x`: the script of that name in package.json. */
export const innerOfPackageScripts = ({ name, words, read, readNamed }: Given): readonly Inner[] => {
  if (!/^(?:npm|yarn|pnpm|bun)$/.test(name)) return [];
  // `yarn workspace api run x`
  const isWorkspace = words[1]?.value === 'workspace';
  const verb = skipOptions(words, isWorkspace ? 3 : 1, VALUED);
  const word = words[verb]?.value ?? '';
  const isRun = word === 'run' || word === 'run-script';
  const isDirect = name === 'npm' ? OWN.has(word) : !BUILT_IN.has(word);
  if (!isRun && !isDirect) return [];
  const script = isRun ? words[skipOptions(words, verb + 1, VALUED)]?.value : word;
  if (script === undefined || script === '') return [];
  const folders = isWorkspace ? foldersOf(words[2]?.value ?? '') : foldersIn(words);
  const folder = folders.find((one) => read(`${one}/package.json`) !== null);
  if (folders.length > 0 && folder === undefined) return [];
  const file = read(folder === undefined ? 'package.json' : `${folder}/package.json`);
  const own = file === null ? null : findScriptIn(file, script);
  // The folder on a server or in an image says nothing of the checkout: the one package that has such a script is it.
  const others = own === null && folder === undefined ? readNamed('package.json') : [];
  const [found = own, ...more] = others.flatMap((one) => findScriptIn(one, script) ?? []);
  if (found === null || more.length > 0) return [];
  return [
    {
      kind: 'text',
      text: found.text,
      layers: [{ kind: 'script', name: found.path }],
      flags: NO_FLAGS,
      inherits: true,
      isHere: true,
      takesInput: false,
      ...(folder === undefined ? {} : { folder }),
    },
  ];
};

/** The folders in which the package may be; [] where the command stands. */
const foldersIn = (words: readonly ShellWord[]): readonly string[] => {
  const valueOf = (...names: readonly string[]): string | undefined => {
    const found = optionValue(words, names);
    return found?.word.value.slice(found.skip);
  };
  const folder = valueOf('--prefix', '-C', '--cwd', '--dir');
  if (folder !== undefined) return [folder.replace(/\/$/, '')];
  const workspace = valueOf('--workspace', '-w', '--filter', '-F');
  return workspace === undefined ? [] : foldersOf(workspace);
};

/** A workspace is named by its folder, or by its package, which is often called like the folder. */
const foldersOf = (workspace: string): readonly string[] => {
  const name = workspace.replace(/^\.\/|\/$/g, '');
  const last = name.slice(name.lastIndexOf('/') + 1);
  return [name, last, `packages/${last}`, `apps/${last}`];
};

const findScriptIn = ({ path, text }: FoundFile, script: string): Pick<FoundFile, 'path' | 'text'> | null => {
  const found = findScriptText(text, script);
  return found === null ? null : { path, text: found };
};

const findScriptText = (placed: PlacedText, name: string): PlacedText | null => {
  const { text } = placed;
  const scripts = /"scripts"\s*:\s*\{/.exec(text);
  if (scripts === null) return null;
  const from = scripts.index + scripts[0].length;
  const end = text.indexOf('}', from);
  const block = text.slice(from, end < 0 ? text.length : end + 2000);
  for (const match of block.matchAll(/"((?:[^"\\]|\\.)*)"\s*:\s*"((?:[^"\\]|\\.)*)"/g)) {
    const [whole, key = '', value = ''] = match;
    if (key !== name) continue;
    const start = from + match.index + whole.length - 1 - value.length;
    const at = slicePlaced(placed, start, start + value.length);
    return value.includes('\\') ? placeInstead(unescape(value), at) : at;
  }
  return null;
};

const unescape = (value: string): string =>
  value
    .replaceAll(/\\(["\\/])/g, '$1')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t');
