import { isMap, isScalar, type YAMLMap } from 'yaml';

import type { PlacedText, Span } from '../../core/placed-text.ts';
import { hasHole } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { checkoutPaths } from './checkout-paths.ts';
import { mentionsAt, textOfFile, type FileSurroundings } from './from-manifests.ts';
import type { Mention } from './mention.ts';
import { HELM } from './option-tables.ts';
import type { Part } from './part.ts';
import { readMaps, spanOfNode, textIn } from './read-manifests.ts';
import { readOptions, valuesOf, type Options } from './read-options.ts';

interface Written {
  readonly value: string;
  readonly span: Span;
}

/** The image of one chart's part, by the path of its values: `image`, `api.image`. */
interface ChartImage {
  readonly repository: Written | null;
  readonly tag: Written | null;
}

const DEEPEST = 6;

/** `helm upgrade NAME ./chart -f values.yaml`: the images that values of the checkout name and no `--set` replaces. */
export const readHelmValues = (
  program: string,
  parts: readonly Part[],
  call: ShellCall,
  around: FileSurroundings,
): readonly Mention[] => {
  if (program !== 'helm') return [];
  const options = readOptions(parts, HELM);
  const [verb, , chart] = options.positionals;
  if (verb === undefined || !/^(?:upgrade|install)$/.test(verb.value) || options.flags.has('--dry-run')) return [];
  const files = [...(chart === undefined ? [] : [`${chart.value}/values.yaml`]), ...namedFiles(options)];
  const images = new Map<string, ChartImage>();
  for (const file of files) {
    const text = hasHole(file) || file.includes('://') ? null : firstText(file, call, around);
    // What a file that is not known says may replace anything.
    if (text === null && file !== files[0]) return [];
    for (const map of text === null ? [] : readMaps(text)) collect(map, '', images, text ?? NO_TEXT, 0);
  }
  const set = setKeys(options);
  return [...images].flatMap(([path, { repository, tag }]): readonly Mention[] => {
    if (tag === null || tag.value === '' || repository === null || repository.value === '') return [];
    if (set.some((key) => key === path || key.startsWith(`${path}.`))) return [];
    const name = path === 'image' ? 'app' : path;
    return mentionsAt(verb, [{ name, image: `${repository.value}:${tag.value}`, span: tag.span }]);
  });
};

const NO_TEXT: PlacedText = { text: '', segments: [] };

const namedFiles = (options: Options): readonly string[] =>
  valuesOf(options, '-f', '--values').flatMap(({ value }) => value.split(','));

const setKeys = (options: Options): readonly string[] =>
  valuesOf(options, '--set', '--set-string', '--set-literal', '--set-json', '--set-file').flatMap(({ value }) =>
    value.split(/(?<!\\),/).map((one) => one.split('=')[0] ?? ''),
  );

const firstText = (file: string, call: ShellCall, around: FileSurroundings): PlacedText | null => {
  for (const path of checkoutPaths(call, file)) {
    const text = textOfFile(path, around);
    if (text !== null) return text;
  }
  return null;
};

/** Later files add to what earlier ones say of a part and take its place. */
const collect = (
  map: YAMLMap,
  path: string,
  images: Map<string, ChartImage>,
  text: PlacedText,
  depth: number,
): void => {
  if (depth > DEEPEST) return;
  const written = (key: string): Written | null => {
    const node = textIn(map, key);
    return node === null ? null : { value: node.value, span: spanOfNode(node, text) };
  };
  const [repository, tag] = [written('repository'), written('tag')];
  if (repository !== null || tag !== null) {
    const before = images.get(path);
    images.set(path, { repository: repository ?? before?.repository ?? null, tag: tag ?? before?.tag ?? null });
  }
  for (const { key, value } of map.items) {
    if (isScalar(key) && isMap(value))
      collect(value, `${path === '' ? '' : `${path}.`}${String(key.value)}`, images, text, depth + 1);
  }
};
