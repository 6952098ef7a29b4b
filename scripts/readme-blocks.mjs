// The parts of the README that the program itself knows best. One function, for the script that writes them and for the test that
// compares them.

/** A pipe would end the cell, a line break the row. */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text) => `\`${cell(text)}\``;
const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (heads, rows) => [row(heads), row(heads.map(() => '---')), ...rows].join('\n');

const helpBlock = (help) => ['```text', help.trimEnd(), '```'].join('\n');

const configBlock = (keys) =>
  table(
    ['key', 'type', 'default', ''],
    keys.map((key) =>
      row([code(key.key), code(key.type), key.default === null ? '' : code(key.default), cell(key.description)]),
    ),
  );

const STEP_HEADS = ['step', 'what is true afterwards', 'how, where it is not'];

/** What a row says is written by hand and kept; which steps there are, and their order, is not. */
const stepsBlock = (steps, before) => {
  const written = new Map(
    before.split('\n').flatMap((line) => {
      const id = /^\| `([^`]+)` \|/.exec(line)?.[1];
      return id === undefined ? [] : [[id, line]];
    }),
  );
  return table(
    STEP_HEADS,
    steps.map(({ id, title }) => written.get(id) ?? row([code(id), cell(title), ''])),
  );
};

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
const replaceBlock = (readme, name, render) => {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${start} … ${end}`);
  const before = readme.slice(from + start.length, to).trim();
  return `${readme.slice(0, from)}${start}\n\n${render(before)}\n\n${readme.slice(to)}`;
};

/**
 * The README as it should be. `help` is what `devsetup --help` prints at 80 columns, `keys` come from listConfigKeys, `steps` are
 * the built-in ones in their order.
 */
export const renderReadme = (readme, { help, keys, steps }) => {
  const withHelp = replaceBlock(readme, 'help', () => helpBlock(help));
  const withKeys = replaceBlock(withHelp, 'config', () => configBlock(keys));
  return replaceBlock(withKeys, 'steps', (before) => stepsBlock(steps, before));
};
