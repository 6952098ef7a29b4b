import type { CST } from 'yaml';

/** How many lists and mappings stand in each other, with a stack of its own: the deepest text is measured, too. */
export const depthOf = (token: CST.Token): number => {
  let deepest = 0;
  const open: (readonly [CST.Token | null | undefined, number])[] = [[token, 0]];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const [one, depth] = top;
    if (one === null || one === undefined) continue;
    deepest = Math.max(deepest, depth);
    if (one.type === 'document') open.push([one.value, depth]);
    else if ('items' in one) {
      for (const item of one.items) open.push([item.key, depth + 1], [item.value, depth + 1]);
    }
  }
  return deepest;
};
