import { joinPlaced, placeInstead, slicePlaced, type PlacedText } from '../../core/placed-text.ts';
import { interpretShell } from '../../shell/interpret-shell.ts';
import type { Effort } from '../../shell/shell-run.ts';
import type { Audit } from '../pipeline.ts';
import type { ImageStart } from './container-start.ts';

/** The files that the build of an image writes itself, by their paths in it: `RUN echo … > start.sh`. */
export const writtenInBuild = (
  image: ImageStart | null,
  { holes, effort }: Pick<Audit, 'holes'> & { readonly effort: Effort },
): ReadonlyMap<string, PlacedText> => {
  let files: ReadonlyMap<string, PlacedText> = new Map();
  for (const script of image?.writing ?? []) {
    files = interpretShell({
      script,
      language: 'sh',
      errexit: false,
      pipefail: false,
      variables: image?.variables ?? new Map(),
      directory: null,
      layers: [],
      holes,
      readFile: () => undefined,
      files,
      effort,
    }).files;
  }
  return new Map([...files].map(([path, text]) => [path, withLines(text)]));
};

/** `echo "#!/bin/sh\nexec …"`: the shell of most images makes line ends of that without `-e`. */
const withLines = (text: PlacedText): PlacedText => {
  if (!/^#![^\n]*\\n/.test(text.text)) return text;
  const parts: PlacedText[] = [];
  let from = 0;
  for (const { index } of text.text.matchAll(/\\n/g)) {
    parts.push(slicePlaced(text, from, index), placeInstead('\n', slicePlaced(text, index, index + 2)));
    from = index + 2;
  }
  return joinPlaced([...parts, slicePlaced(text, from)]);
};
