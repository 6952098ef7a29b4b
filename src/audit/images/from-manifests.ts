import { isMap, isSeq, type YAMLMap } from 'yaml';

import { createSource, placeRange, type PlacedText, type Span } from '../../core/placed-text.ts';
import { hasHole, withoutPrivateUse } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { Audit, AuditedStep } from '../pipeline.ts';
import { matchesGlob } from '../suppress/matches-glob.ts';
import { checkoutPaths, pathBelow } from './checkout-paths.ts';
import { APP_SERVICE } from './from-compose.ts';
import type { JobFiles } from './job-files.ts';
import type { Mention } from './mention.ts';
import { KUBECTL } from './option-tables.ts';
import { parseReference } from './parse-reference.ts';
import { partOfEvaluated, splitPart, type Part } from './part.ts';
import { readManifestImages, readMaps, spanOfNode, textIn, type ManifestImage } from './read-manifests.ts';
import { readOptions, valuesOf, type Options } from './read-options.ts';

export type FileSurroundings = Pick<Audit, 'readFile' | 'project'> & { readonly jobFiles: JobFiles };

/** What is read of a folder; beyond it nobody lists them by hand. */
const MOST_FILES = 200;
const DEEPEST = 8;

const KUBECTL_PROGRAM = /^(?:kubectl|oc|microk8s\.kubectl)$/;

/** The images of manifests and kustomizations of the checkout, and of those a script writes out, at the command that applies them. */
export const readManifestCall = (
  program: string,
  parts: readonly Part[],
  call: ShellCall,
  around: FileSurroundings,
): readonly Mention[] => {
  if (program === 'aws') return readTaskDefinition(parts, call, around);
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

const kustomized = (folder: string, call: ShellCall, around: FileSurroundings): readonly ManifestImage[] =>
  firstFound(folder, call, (path) => imagesOfKustomization(path, around, 0));

/** A part of a name that a script fills in before the file is used. */
const PLACEHOLDER = /[<>{}$%]|__|(?:^|[:/])[A-Z][A-Z_]{2,}$|(?:^|:)(?:placeholder|replace|change-?me|todo)/;

export const mentionsAt = (verb: Part, images: readonly ManifestImage[]): readonly Mention[] =>
  images.flatMap(({ name, image, span }): readonly Mention[] => {
    if (PLACEHOLDER.test(image)) return [];
    const saidIn = { text: `image: ${image}`, span };
    return [
      { use: 'deploy', part: { ...verb, value: image }, saidIn, isApp: APP_SERVICE.test(name), isReplaceable: true },
    ];
  });

/** What `-f` names: files, folders, patterns, standard input. */
const appliedTexts = (options: Options, call: ShellCall, around: FileSurroundings): readonly PlacedText[] => {
  const isDeep = options.flags.has('-R') || options.flags.has('--recursive');
  const named = valuesOf(options, '-f', '--filename').flatMap(({ value }) => value.split(','));
  return [...new Set(named)].flatMap((name): readonly PlacedText[] => {
    if (name === '-') return call.input === null ? [] : [call.input.placed];
    if (hasHole(name) || /^(?:https?:|~)/.test(name)) return [];
    return firstFound(name, call, (path) =>
      filesNamed(path, isDeep, around).flatMap((file) => textOfFile(file, around) ?? []),
    );
  });
};

const isManifest = (file: string): boolean => /\.(?:ya?ml|json)$/.test(file);

const filesNamed = (
  name: string,
  isDeep: boolean,
  { project: { paths = [] } }: FileSurroundings,
): readonly string[] => {
  if (/[*?[]/.test(name)) return paths.filter((file) => matchesGlob(`./${name}`, file)).slice(0, MOST_FILES);
  if (isManifest(name)) return [name];
  const folder = name === '' ? '' : `${name}/`;
  return paths
    .filter(
      (file) => file.startsWith(folder) && isManifest(file) && (isDeep || !file.slice(folder.length).includes('/')),
    )
    .slice(0, MOST_FILES);
};

/** `aws ecs register-task-definition --cli-input-json file://task.json` */
const readTaskDefinition = (parts: readonly Part[], call: ShellCall, around: FileSurroundings): readonly Mention[] => {
  const options = readOptions(
    parts,
    new Set(['--cli-input-json', '--cli-input-yaml', '--container-definitions', '--family', '--region']),
  );
  const [group, verb] = options.positionals;
  if (group?.value !== 'ecs' || verb?.value !== 'register-task-definition') return [];
  return valuesOf(options, '--cli-input-json', '--cli-input-yaml').flatMap(({ value }) => {
    const file = value.startsWith('file://') ? value.slice('file://'.length) : '';
    return file === '' || hasHole(file)
      ? []
      : mentionsAt(
          verb,
          firstFound(file, call, (path) => imagesOfFile(path, around)),
        );
  });
};

const imagesOfFile = (file: string, around: FileSurroundings): readonly ManifestImage[] => {
  const text = textOfFile(file, around);
  return text === null ? [] : readManifestImages(text);
};

/** Inputs of actions that name files to be applied; with the other input the action sets the images itself. */
const FILE_INPUTS: ReadonlyMap<string, readonly [input: string, unless: string]> = new Map([
  ['aws-actions/amazon-ecs-deploy-task-definition', ['task-definition', '']],
  ['azure/k8s-deploy', ['manifests', 'images']],
]);

/** The images of files of the checkout that an action applies. */
export const readManifestAction = (step: AuditedStep, around: FileSurroundings): readonly Mention[] => {
  const [input, unless] = FILE_INPUTS.get(step.action ?? '') ?? [];
  const given = input === undefined ? undefined : step.with.get(input);
  if (given === undefined || (unless !== undefined && step.with.has(unless))) return [];
  return splitPart(partOfEvaluated(given), /[\n,]/).flatMap((part) =>
    hasHole(part.value)
      ? []
      : mentionsAt(
          part,
          filesNamed(pathBelow(null, part.value), false, around).flatMap((file) => imagesOfFile(file, around)),
        ),
  );
};

/** A file of the checkout as a text; null: there is none, or the job changes it. */
export const textOfFile = (file: string, { readFile, jobFiles }: FileSurroundings): PlacedText | null => {
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

const imagesOfKustomization = (folder: string, around: FileSurroundings, depth: number): readonly ManifestImage[] => {
  if (hasHole(folder) || depth > DEEPEST) return [];
  const at = (file: string): string => pathBelow(folder, file);
  const placed = KUSTOMIZATIONS.map((file) => textOfFile(at(file), around)).find((text) => text !== null);
  const [map] = placed === undefined || placed === null ? [] : readMaps(placed);
  if (placed === undefined || placed === null || map === undefined) return [];
  const resources = ['resources', 'bases', 'components'].flatMap((key) => listIn(map, key)).slice(0, MOST_FILES);
  const images = resources.flatMap((name) => {
    if (isManifest(name)) {
      const text = textOfFile(at(name), around);
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
