/** Characters a file may hold that the audit would take for its holes (src/shell/holes.ts): replaced by one of the same length. */
export const withoutPrivateUse = (text: string): string =>
  /[\uE000-\uF8FF]/.test(text) ? text.replaceAll(/[\uE000-\uF8FF]/g, '\uFFFD') : text;
