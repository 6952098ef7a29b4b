import { mentionAll, type Mention } from './mention.ts';
import { slicePart, type Part } from './part.ts';
import { readOptions } from './read-options.ts';

/** The replacement of `s|a|b|`, with its offset; null: no such command. */
const replacementOf = (
  text: string,
): { readonly pattern: string; readonly text: string; readonly at: number } | null => {
  const start = /^\s*(?:\/(?:[^/\\]|\\.)*\/|\d+(?:,\d+)?)?\s*s(?=[^\w\s])/.exec(text)?.[0].length;
  const separator = start === undefined ? undefined : text[start];
  if (start === undefined || separator === undefined) return null;
  const ends: number[] = [];
  for (let at = start + 1; at < text.length && ends.length < 2; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === separator) ends.push(at);
  }
  const [middle, last = text.length] = ends;
  return middle === undefined
    ? null
    : { pattern: text.slice(start + 1, middle), text: text.slice(middle + 1, last), at: middle + 1 };
};

/** What sed puts in the place of something: `s|^TAG=.*|TAG=1|`. */
export const replacementsIn = (part: Part): readonly Part[] => {
  const found = replacementOf(part.value);
  return found === null || /[\\&]/.test(found.text) ? [] : [slicePart(part, found.at, found.at + found.text.length)];
};

const IMAGE_LINE = /(?:^|[\s"{,-])"?image"?\s*[:=]\s*\\?"?([^\s"\\]+)/i;
const TAG_LINE = /(?:^|[\s"{,-])"?(?:newTag|tag|imageTag|image_tag|\w*_TAG)"?\s*[:=]\s*\\?"?([^\s"\\]+)/i;

/** `sed -i "s|image: .*|image: app:$TAG|" file` */
const readSed = (parts: readonly Part[]): readonly Mention[] => {
  const isInPlace = parts.some(({ value }) => /^(?:-[a-zA-Z]*i|--in-place)/.test(value));
  if (!isInPlace && !parts.some(({ value }) => /\.ya?ml|\.json|\.tpl|\.env/.test(value))) return [];
  return parts.flatMap((part): readonly Mention[] => {
    const replacement = replacementOf(part.value);
    if (replacement === null) return [];
    const { pattern, text, at } = replacement;
    const image = IMAGE_LINE.exec(text) ?? TAG_LINE.exec(text);
    if (image !== null) {
      const value = image[1] ?? '';
      // What sed itself puts in, `\1` or `&`, is not known here.
      if (/[\\&]/.test(value)) return [];
      const start = at + image.index + image[0].length - value.length;
      return mentionAll('deploy', [slicePart(part, start, start + value.length)], {
        isTagOnly: !IMAGE_LINE.test(text),
      });
    }
    if (/^\S+:\S+$/.test(pattern) && /^[^\s:]+\/\S+:[^\s/]+$/.test(text) && !/\\|&/.test(text)) {
      return mentionAll('deploy', [slicePart(part, at, at + text.length)]);
    }
    if (!/(?:IMAGE|TAG)\w*\W*$|(?:^|\W)\w*(?:IMAGE|TAG)/.test(pattern) || /[\s\\&]/.test(text) || text === '')
      return [];
    const isTagOnly = !/[/:]/.test(text);
    return mentionAll('deploy', [slicePart(part, at, at + text.length)], { isTagOnly });
  });
};

/** `yq -i '.spec.image = "app:x"' file`; the same of jq with `--arg`. */
const readYq = (program: string, parts: readonly Part[]): readonly Mention[] => {
  const found: Mention[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.value === '--arg' && /^(?:new_?)?image\w*$/i.test(parts[index + 1]?.value ?? '')) {
      const value = parts[index + 2];
      const isSet = parts.some(({ value }) => /\.image"?\]?\s*\|?=/.test(value));
      if (value !== undefined && isSet) found.push({ use: 'deploy', part: value });
    }
    for (const match of part.value.matchAll(/\.(image|tag|newTag)"?\]?\)?\s*\|?=\s*\\?"([^"\\]+)\\?"/gi)) {
      const value = match[2] ?? '';
      const start = match.index + match[0].lastIndexOf(value);
      found.push({
        use: 'deploy',
        part: slicePart(part, start, start + value.length),
        isTagOnly: match[1]?.toLowerCase() !== 'image',
      });
    }
  }
  return program === 'jq' ||
    readOptions(parts, new Set()).flags.has('-i') ||
    parts.some(({ value }) => value === '--inplace')
    ? found
    : [];
};

/** What commands that change manifests write into them. */
export const readEdit = (program: string, parts: readonly Part[]): readonly Mention[] => {
  if (program === 'sed' || program === 'gsed') return readSed(parts);
  return program === 'yq' || program === 'jq' ? readYq(program, parts) : [];
};
