import { isMap, isScalar, isSeq, parseAllDocuments, type Node, type Scalar, type YAMLMap } from 'yaml';

import { spanOf, type PlacedText, type Span } from '../../core/placed-text.ts';

export interface ManifestImage {
  /** Of the container. */
  readonly name: string;
  readonly image: string;
  readonly span: Span;
}

/** Files beyond this size are none that people write. */
const LARGEST = 200_000;
const DEEPEST = 30;

const textOf = (node: unknown): Scalar<string> | null =>
  isScalar(node) && typeof node.value === 'string' ? (node as Scalar<string>) : null;

export const textIn = (map: YAMLMap, key: string): Scalar<string> | null => textOf(map.get(key, true));

export const spanOfNode = ({ range }: Node, placed: PlacedText): Span =>
  spanOf(placed, range?.[0] ?? 0, range?.[1] ?? 0);

/** The mappings that a text of YAML or JSON holds, one a document. Those that cannot be read are left out. */
export const readMaps = ({ text }: PlacedText): readonly YAMLMap[] => {
  if (text.length > LARGEST) return [];
  const documents = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false, merge: true });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap(({ errors, contents }) => (errors.length === 0 && isMap(contents) ? [contents] : []));
};

/** Lists of containers: of pods, and of task definitions of ECS. */
const CONTAINERS = new Set(['containers', 'initContainers', 'containerDefinitions']);

/** The images of the containers that Kubernetes' objects and tasks of ECS start, wherever in them a pod is described. */
export const readManifestImages = (placed: PlacedText): readonly ManifestImage[] => {
  if (!placed.text.includes('image')) return [];
  const found: ManifestImage[] = [];
  const visit = (node: unknown, depth: number): void => {
    if (depth > DEEPEST) return;
    if (isSeq(node)) for (const item of node.items) visit(item, depth + 1);
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? key.value : null;
      if (typeof name === 'string' && CONTAINERS.has(name) && isSeq(value))
        found.push(...imagesOf(value.items, placed));
      else visit(value, depth + 1);
    }
  };
  for (const map of readMaps(placed)) visit(map, 0);
  return found;
};

const imagesOf = (containers: readonly unknown[], placed: PlacedText): readonly ManifestImage[] =>
  containers.flatMap((container) => {
    const image = isMap(container) ? textIn(container, 'image') : null;
    if (!isMap(container) || image === null || image.value === '') return [];
    return [{ name: textIn(container, 'name')?.value ?? '', image: image.value, span: spanOfNode(image, placed) }];
  });
