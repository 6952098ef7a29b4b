import type { Span } from '../../core/placed-text.ts';
import { entriesOf, fieldOf, textAt } from '../../workflows/read/fields.ts';
import { readDocuments } from '../model/yaml-documents.ts';

export interface ComposeImage {
  readonly service: string;
  /** As it is written: `app:${TAG:-latest}`. */
  readonly image: string;
  readonly hasBuild: boolean;
  readonly span: Span;
}

/** The images that a compose file's services name. One that cannot be read names none. */
export const readComposeImages = (file: string, text: string): readonly ComposeImage[] => {
  const [root = null] = readDocuments(file, text);
  return [...entriesOf(fieldOf(root, 'services')).values()].flatMap(({ key, value }) => {
    const image = textAt(value, 'image');
    if (image === null) return [];
    return [{ service: key, image: image.value, hasBuild: fieldOf(value, 'build') !== null, span: image.span }];
  });
};
