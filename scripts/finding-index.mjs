// docs/findings/README.md: every finding, its severity, what it is and which check reports it. One function, for the script that
// writes it and for the test that compares.

const cell = (text) => text.replaceAll('|', '\\|');

/** `checks` come from listChecks, in their order; `titleOf` gives the heading of a finding's page. */
export const renderFindingIndex = (checks, titleOf) => {
  const rows = new Map();
  for (const { id, group, findings } of checks) {
    for (const { code, severity } of findings) {
      const known = rows.get(code) ?? { code, severity, ids: [] };
      // A finding that any step may report is one of the group, not of eight checks.
      rows.set(code, { ...known, ids: [...known.ids, group === 'setup' ? { id, group } : { id }] });
    }
  }
  const lines = [...rows.values()].map(({ code, severity, ids }) => {
    const names = ids.length > 1 && ids.every(({ group }) => group === 'setup') ? ['setup'] : ids.map(({ id }) => id);
    const told = names.map((name) => `\`${name}\``).join(', ');
    return `| [\`${code}\`](${code}.md) | ${severity} | ${cell(titleOf(code))} | ${told} |`;
  });
  return [
    '# What `devsetup doctor` finds',
    '',
    '`devsetup doctor --explain <finding>` prints a page; `--only` and `--skip` take the name of a check or its group, and `"doctor": { "skip": … }`',
    'in the configuration those of findings, too. Findings of [a project’s own checks](project-check.md) have no page here.',
    '',
    '| finding | severity | what | check |',
    '| --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
};

/** The heading of a page, or undefined where it does not begin with one. */
export const pageTitle = (page) => /^# (.+)\n/.exec(page)?.[1];
