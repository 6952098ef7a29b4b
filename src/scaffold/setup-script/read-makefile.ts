const ASSIGNMENT = /^([\w.-]+)\s*(?:\?|:{1,3}|\+)?=\s*(.*)$/;
const RULE = /^([^\s:#=][^:=#]*):(?!=)([^=]*)$/;

/** Names of targets that set a project up. */
const USUAL = /^(?:setup|set-up|bootstrap|init|install|dev-setup|setup-dev|devsetup|provision|dev-init|init-dev)$/;

/**
 * The recipes of these targets, and of those they need first, as a shell script in the order make runs them; what is not of them is
 * left out. `lines` has for each line of it the line of the Makefile.
 */
export const readMakefile = (
  text: string,
  wanted: readonly string[] | null = null,
): { readonly text: string; readonly lines: readonly number[] } => {
  const variables = new Map<string, string>();
  const rules = new Map<string, { readonly needs: readonly string[]; readonly lines: number[] }>();
  const all = text.split(/\r?\n/);
  let current: readonly string[] = [];
  for (const [index, line] of all.entries()) {
    if (line.startsWith('\t')) {
      for (const name of current) rules.get(name)?.lines.push(index);
      continue;
    }
    const [, variable, value = ''] = ASSIGNMENT.exec(line) ?? [];
    if (variable !== undefined) {
      variables.set(variable, value.trim());
      continue;
    }
    const [, names, needs = ''] = RULE.exec(line) ?? [];
    if (names === undefined) continue;
    current = names.trim().split(/\s+/);
    for (const name of current) {
      const before = rules.get(name);
      const list = needs
        .replace(/[#;].*$/, '')
        .trim()
        .split(/\s+/)
        .filter((need) => need !== '' && need !== '|');
      rules.set(name, { needs: [...(before?.needs ?? []), ...list], lines: before?.lines ?? [] });
    }
  }
  const order: string[] = [];
  const visit = (name: string): void => {
    const rule = rules.get(name);
    if (rule === undefined || order.includes(name) || seen.has(name)) return;
    seen.add(name);
    for (const need of rule.needs) visit(need);
    for (const index of rule.lines) {
      for (const [, called = ''] of (all[index] ?? '').matchAll(/(?:\$\(MAKE\)|\bmake)\s+([\w.-]+)/g)) visit(called);
    }
    order.push(name);
  };
  const seen = new Set<string>();
  for (const name of wanted ?? [...rules.keys()].filter((known) => USUAL.test(known))) visit(name);
  const indexes = order.flatMap((name) => rules.get(name)?.lines ?? []);
  return {
    text: indexes.map((index) => recipeLine(all[index] ?? '', variables)).join('\n'),
    lines: indexes.map((index) => index + 1),
  };
};

/** As the shell gets it: without `@`, `-` and `+`, with make's variables filled in. A line that make calls itself by says nothing. */
const recipeLine = (line: string, variables: ReadonlyMap<string, string>): string => {
  const [, marks = '', code = ''] = /^\t\s*([@+-]*)\s*([\s\S]*)$/.exec(line) ?? [];
  if (/^(?:\$\(MAKE\)|make)\s/.test(code)) return ':';
  const filled = fill(code, variables, 0).replaceAll('$$', '$');
  return marks.includes('-') && !filled.endsWith('\\') ? `${filled} || true` : filled;
};

const fill = (text: string, variables: ReadonlyMap<string, string>, depth: number): string =>
  text.replaceAll(/(?<!\$)\$(?:\((\w+)\)|\{(\w+)\})/g, (_, one?: string, two?: string) => {
    const name = one ?? two ?? '';
    const value = variables.get(name);
    return value === undefined || depth > 5 ? `$\${${name}}` : fill(value, variables, depth + 1);
  });
