const SHOWN = 5;

/** `a, b, c`, and of many the first few with how many more there are. */
export const listSome = (names: readonly string[], shown = SHOWN): string =>
  names.length <= shown + 1 ? names.join(', ') : `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`;
