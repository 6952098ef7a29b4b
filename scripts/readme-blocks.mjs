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

/** What devsetup is made for, oldest first; a Django of a series counts for the series. */
const SUPPORTED = [
  ['Python', ['3.8', '3.9', '3.10', '3.11', '3.12', '3.13']],
  ['Django', ['4.2', '5.0', '5.1', '5.2', '6.0', '6.1']],
  ['PostgreSQL', ['12', '13', '14', '15', '16', '17', '18']],
  ['Node', ['20.19', '22', '24']],
  ['System', ['Linux', 'macOS', 'WSL']],
];

/** 18.4 is one of 18, 20.20 one of 20.19: what matters is the series. */
const isTested = (supported, versions) =>
  versions.some(
    (version) =>
      version === supported || `${supported}.`.startsWith(`${version}.`) || version.startsWith(`${supported}.`),
  );

const supportBlock = (tested) =>
  table(
    ['', 'made for', 'tested with every change', 'not tested'],
    SUPPORTED.map(([name, versions]) => {
      const [found, missing] = [true, false].map((is) =>
        versions.filter((version) => isTested(version, tested[name]) === is).join(', '),
      );
      const range = name === 'System' ? versions.join(', ') : `${versions[0]} to ${versions.at(-1)}`;
      return row([name, range, found, missing || 'none']);
    }),
  );

/**
 * The README as it should be. `help` is what `devsetup --help` prints at 80 columns, `keys` come from listConfigKeys, `steps` are
 * the built-in ones in their order, `tested` the versions that the tests run with.
 */
export const renderReadme = (readme, { help, keys, steps, tested }) => {
  const withHelp = replaceBlock(readme, 'help', () => helpBlock(help));
  const withKeys = replaceBlock(withHelp, 'config', () => configBlock(keys));
  const withSteps = replaceBlock(withKeys, 'steps', (before) => stepsBlock(steps, before));
  return replaceBlock(withSteps, 'supported', () => supportBlock(tested));
};
