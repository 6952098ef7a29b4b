import { isMap, isSeq, type YAMLMap } from 'yaml';

import { createSource, placeRange, type PlacedText, type Span } from '../../core/placed-text.ts';
import { hasHole, withoutPrivateUse } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { Audit } from '../pipeline.ts';
import { matchesGlob } from '../suppress/matches-glob.ts';
import { checkoutPaths, joinPath } from './checkout-paths.ts';
import { APP_SERVICE } from './from-compose.ts';
import type { JobFiles } from './job-files.ts';
import type { Mention } from './mention.ts';
import { KUBECTL } from './option-tables.ts';
import { parseReference } from './parse-reference.ts';
import type { Part } from './part.ts';
import { readManifestImages, readMaps, spanOfNode, textIn, type ManifestImage } from './read-manifests.ts';
import { readOptions, valuesOf, type Options } from './read-options.ts';

type Around = Pick<Audit, 'readFile' | 'project'> & { readonly jobFiles: JobFiles };

/** What is read of a folder; beyond it nobody lists them by hand. */
const MOST_FILES = 200;
const DEEPEST = 8;

const KUBECTL_PROGRAM = /^(?:kubectl|oc|microk8s\.kubectl)$/;

/** The images of manifests and kustomizations of the checkout, and of those a script writes out, at the command that applies them. */
export const readManifestCall = (
  program: string,
  parts: readonly Part[],
  call: ShellCall,
  around: Around,
): readonly Mention[] => {
  if (program === 'kustomize') {
    const { positionals } = readOptions(parts, new Set());
    const [verb, folder] = positionals;
    if (verb?.value !== 'build') return [];
    return mentionsAt(verb, kustomized(folder?.value ?? '.', call, around));
  }
  const words = /^(?:k3s|microk8s|minikube)$/.test(program) && parts[0]?.value === 'kubectl' ? parts.slice(1) : parts;
  if (words === parts && !KUBECTL_PROGRAM.test(program)) return [];
  const options = readOptions(words, KUBECTL);
  const [verb, folder] = options.positionals;
  if (verb === undefined) return [];
  if (verb.value === 'kustomize') return mentionsAt(verb, kustomized(folder?.value ?? '.', call, around));
  const isDry = options.flags.has('--dry-run') && !words.some(({ value }) => value === '--dry-run=none');
  if (!/^(?:apply|create|replace)$/.test(verb.value) || isDry) return [];
  const ofFolders = valuesOf(options, '-k', '--kustomize').flatMap(({ value }) => kustomized(value, call, around));
  return mentionsAt(verb, [...ofFolders, ...appliedTexts(options, call, around).flatMap(readManifestImages)]);
};

/** What the first of the paths that are meant has. */
const firstFound = <T>(path: string, call: ShellCall, find: (path: string) => readonly T[]): readonly T[] => {
  for (const one of checkoutPaths(call, path)) {
    const found = find(one);
    if (found.length > 0) return found;
  }
  return [];
};

const kustomized = (folder: string, call: ShellCall, around: Around): readonly ManifestImage[] =>
  firstFound(folder, call, (path) => imagesOfKustomization(path, around, 0));

/** A part of a name that a script fills in before the file is used. */
const PLACEHOLDER = /[<>{}$%]|__|(?:^|[:/])[A-Z][A-Z_]{2,}$|(?:^|:)(?:placeholder|replace|change-?me|todo)/;

const mentionsAt = (verb: Part, images: readonly ManifestImage[]): readonly Mention[] =>
  images.flatMap(({ name, image, span }): readonly Mention[] => {
    if (PLACEHOLDER.test(image)) return [];
    const saidIn = { text: `image: ${image}`, span };
    return [
      { use: 'deploy', part: { ...verb, value: image }, saidIn, isApp: APP_SERVICE.test(name), isReplaceable: true },
    ];
  });

/** What `-f` names: files, folders, patterns, standard input. */
const appliedTexts = (options: Options, call: ShellCall, around: Around): readonly PlacedText[] => {
  const isDeep = options.flags.has('-R') || options.flags.has('--recursive');
  const named = valuesOf(options, '-f', '--filename').flatMap(({ value }) => value.split(','));
  return [...new Set(named)].flatMap((name): readonly PlacedText[] => {
    if (name === '-') return call.input === null ? [] : [call.input.placed];
    if (hasHole(name) || /^(?:https?:|~)/.test(name)) return [];
    return firstFound(name, call, (path) =>
      filesNamed(path, isDeep, around).flatMap((file) => textOf(file, around) ?? []),
    );
  });
};

const isManifest = (file: string): boolean => /\.(?:ya?ml|json)$/.test(file);

const filesNamed = (name: string, isDeep: boolean, { project: { paths = [] } }: Around): readonly string[] => {
  if (/[*?[]/.test(name)) return paths.filter((file) => matchesGlob(`./${name}`, file)).slice(0, MOST_FILES);
  if (isManifest(name)) return [name];
  const folder = name === '' ? '' : `${name}/`;
  return paths
    .filter(
      (file) => file.startsWith(folder) && isManifest(file) && (isDeep || !file.slice(folder.length).includes('/')),
    )
    .slice(0, MOST_FILES);
};

const textOf = (file: string, { readFile, jobFiles }: Around): PlacedText | null => {
  const text = jobFiles.isChanged(file) ? undefined : readFile(file);
  if (text === undefined) return null;
  const clean = withoutPrivateUse(text);
  return placeRange(createSource(file, clean), 0, clean.length);
};

const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

interface Replacement {
  readonly name: string;
  readonly newName: string | null;
  readonly newTag: string | null;
  readonly digest: string | null;
  readonly span: Span;
}

const imagesOfKustomization = (folder: string, around: Around, depth: number): readonly ManifestImage[] => {
  if (hasHole(folder) || depth > DEEPEST) return [];
  const at = (file: string): string => joinPath(folder, file);
  const placed = KUSTOMIZATIONS.map((file) => textOf(at(file), around)).find((text) => text !== null);
  const [map] = placed === undefined || placed === null ? [] : readMaps(placed);
  if (placed === undefined || placed === null || map === undefined) return [];
  const resources = ['resources', 'bases', 'components'].flatMap((key) => listIn(map, key)).slice(0, MOST_FILES);
  const images = resources.flatMap((name) => {
    if (isManifest(name)) {
      const text = textOf(at(name), around);
      return text === null ? [] : readManifestImages(text);
    }
    return /:\/\/|^github\.com|\?ref=/.test(name) ? [] : imagesOfKustomization(at(name), around, depth + 1);
  });
  const replacements = replacementsIn(map, placed);
  return images.map((image) => replaceImage(image, replacements));
};

const listIn = (map: YAMLMap, key: string): readonly string[] => {
  const list = map.get(key, true);
  return isSeq(list)
    ? list.items.flatMap((item) =>
        typeof item === 'object' && item !== null && 'value' in item && typeof item.value === 'string'
          ? [item.value]
          : [],
      )
    : [];
};

const replacementsIn = (map: YAMLMap, placed: PlacedText): readonly Replacement[] => {
  const list = map.get('images', true);
  if (!isSeq(list)) return [];
  return list.items.flatMap((item) => {
    const name = isMap(item) ? textIn(item, 'name') : null;
    if (!isMap(item) || name === null) return [];
    const [newName, digest] = [textIn(item, 'newName'), textIn(item, 'digest')];
    const tag = item.get('newTag', true);
    const newTag = typeof tag === 'object' && tag !== null && 'value' in tag ? String(tag.value) : null;
    const at = item.items.find(({ key }) => String(key) === 'newTag')?.value ?? name;
    const span = spanOfNode(at as typeof name, placed);
    return [{ name: name.value, newName: newName?.value ?? null, digest: digest?.value ?? null, newTag, span }];
  });
};

const replaceImage = (found: ManifestImage, replacements: readonly Replacement[]): ManifestImage => {
  const { registry, repository, tag, digest } = parseReference(found.image);
  const name = `${registry === null ? '' : `${registry}/`}${repository ?? ''}`;
  const change = replacements.find((one) => one.name === name);
  if (change === undefined) return found;
  const suffix =
    change.digest !== null
      ? `@${change.digest}`
      : change.newTag !== null
        ? `:${change.newTag}`
        : `${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
  const isTagged = change.newTag !== null || change.digest !== null;
  return { ...found, image: `${change.newName ?? name}${suffix}`, span: isTagged ? change.span : found.span };
};
