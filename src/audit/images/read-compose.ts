import { isMap, isScalar, parseDocument, type Node } from 'yaml';

import { createSource, spanIn, type Span } from '../../core/placed-text.ts';
import { withoutPrivateUse } from '../../shell/holes.ts';

export interface ComposeImage {
  readonly service: string;
  /** As it is written: `app:${TAG:-latest}`. */
  readonly image: string;
  readonly hasBuild: boolean;
  readonly span: Span;
}

/** Compose files beyond this size are none that people write. */
const LARGEST = 200_000;

const scalarOf = (node: unknown): Node | null => (isScalar(node) ? node : null);

/** The images that a compose file's services name. One that cannot be read names none. */
export const readComposeImages = (file: string, text: string): readonly ComposeImage[] => {
  if (text.length > LARGEST) return [];
  const clean = withoutPrivateUse(text);
  const source = createSource(file, clean);
  const document = parseDocument(clean, { logLevel: 'silent', uniqueKeys: false, merge: true });
  const services: unknown = document.errors.length > 0 ? null : document.get('services', true);
  if (!isMap(services)) return [];
  return services.items.flatMap(({ key, value }) => {
    if (!isScalar(key) || !isMap(value)) return [];
    const image = scalarOf(value.get('image', true));
    const range = image?.range;
    const written: unknown = isScalar(image) ? image.value : null;
    if (typeof written !== 'string' || range === null || range === undefined) return [];
    return [
      {
        service: String(key.value),
        image: written,
        hasBuild: value.has('build'),
        span: spanIn(source, range[0], range[1]),
      },
    ];
  });
};
