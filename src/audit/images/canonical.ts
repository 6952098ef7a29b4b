import { holesIn, isHole, type Hole, type Holes } from '../../shell/holes.ts';
import type { ImageReference } from './image-use.ts';
import { imageNameOf } from './parse-reference.ts';

/** The commit a run is for, under its many names; others may be another commit. */
const isOwnCommit = ({ name }: Hole): boolean => !/event|inputs|pull_request|workflow_run|payload|needs/.test(name);

const commitText = (hole: Hole): string => {
  const length = hole.length ?? (/short/i.test(hole.name) ? 7 : 40);
  return `<commit ${Math.min(length, 40)}>`;
};

/** One spelling for what is the same, e.g. `github.sha` and `$GITHUB_SHA`; null: it may be equal to anything. */
export const canonicalText = (text: string, holes: Holes): string | null => {
  let found = '';
  for (const character of text) {
    if (!isHole(character)) {
      found += character;
      continue;
    }
    const hole = holes.get(character);
    if (hole === undefined || hole.kind === 'unknown' || hole.kind === 'secret' || hole.kind === 'choice') return null;
    if (hole.kind === 'commit') {
      if (!isOwnCommit(hole)) return null;
      found += commitText(hole);
    } else found += `<${hole.kind} ${hole.name.replace(/^\$/, '')}>`;
  }
  return found;
};

/** The same where equal holes count as equal whatever they are: for two mentions in one place. */
export const canonicalReference = (reference: ImageReference, holes: Holes): string => {
  const name = imageNameOf(reference) ?? '';
  const tag = reference.tag ?? (reference.digest === null ? 'latest' : '');
  return `${name}:${canonicalText(tag, holes) ?? tag}@${reference.digest ?? ''}`;
};

export const hasHoleOf = (text: string, holes: Holes, test: (hole: Hole) => boolean): boolean =>
  holesIn(text, holes).some(
    (hole) => test(hole) || (hole.options ?? []).some((option) => hasHoleOf(option, holes, test)),
  );
