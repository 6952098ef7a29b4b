// docs/rules/README.md: every rule of devsetup audit, how bad it is, and what it is about. One function, for the script that writes it
// and for the test that compares.

/** `rules` come from listRules, in their order; `titleOf` gives the heading of a rule's page. */
export const renderRuleIndex = (rules, titleOf) =>
  [
    '# The rules of `devsetup audit`',
    '',
    'Migrations run in one job of their own, after build and tests and before every deployment, in every environment alike; images carry',
    'the commit, and deployments use nothing else. `devsetup audit --explain <rule>` prints a page; `--only` and `--skip` take rules and families (`image/*`).',
    '',
    'A finding is silenced by a comment on its line or above it, in YAML and in scripts alike: `# devsetup: ignore[image/unresolved-tag] the reason`.',
    'For whole files there is `audit.ignore` in the configuration, and for everything that was there before, a baseline:',
    '`npx devsetup audit --baseline audit-baseline.json --write-baseline`.',
    '',
    '| rule | severity | what |',
    '| --- | --- | --- |',
    ...rules.map(({ rule, severity, docs }) => {
      const title = titleOf(rule).replaceAll('|', '\\|');
      return `| [\`${rule}\`](${docs.replace('docs/rules/', '')}) | ${severity} | ${title} |`;
    }),
    '',
  ].join('\n');
