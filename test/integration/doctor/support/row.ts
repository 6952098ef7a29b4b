import { expect, test } from 'vitest';

import type { Remedy, Severity } from '../../../../src/core/check.ts';
import type { Needs } from '../../../support/needs.ts';
import type { SiteOptions } from '../../behaviour/support/site.ts';
import { typeCommand } from '../../behaviour/support/type-command.ts';
import { openDoctorSite, type DoctorSite } from './healthy-site.ts';
import { sampleOf } from '../../../support/thoroughness.ts';

/** One way to break a healthy checkout, and what the doctor says of it. */
export interface Row {
  /** What is broken, in words. */
  readonly name: string;
  /** Breaks it; may answer with environment variables for the run. */
  readonly breaks: (site: DoctorSite) => Promise<Readonly<Record<string, string | undefined>> | void>;
  readonly code: string;
  readonly severity: Severity;
  /** The mending command, or a pattern its sentence matches where it is an edit or a decision. */
  readonly mends: string | RegExp;
  /** Further findings that this break brings with it; everything else the doctor finds fails the row. */
  readonly also?: readonly string[];
  /** `--fix --yes` mends it. */
  readonly fixable?: boolean;
  /** What the printed command asks for: lines with \n, as printf writes them. */
  readonly answers?: string;
  /** What the machine needs for it. */
  readonly needs?: Needs;
  /** The environment in which the printed command is typed, where what broke the checkout must be over first. */
  readonly afterwards?: Readonly<Record<string, string | undefined>>;
  /** Findings that the command of this one is not for, and that stay. */
  readonly leaves?: readonly string[];
  /** Where the sample must differ from the start. */
  readonly site?: SiteOptions;
}

/**
 * One test a row: the doctor finds exactly this, and where it can be mended, mends it. `without`: groups that do not look at what these
 * rows break; the first row is examined by all.
 */
export const testRows = (rows: readonly Row[], { without }: { readonly without?: string } = {}): void => {
  for (const [index, row] of sampleOf(rows, 4).entries()) {
    const flags = without === undefined || index === 0 ? [] : ['--skip', without];
    test(`${row.code}: ${row.name}`, row.needs ?? {}, async () => {
      const site = await openDoctorSite(row.site);
      try {
        const env = (await row.breaks(site)) ?? {};
        const run = await site.doctor(flags, env);
        const finding = run.report.checks.flatMap((check) => check.findings).find(({ code }) => code === row.code);
        expect(
          run.codes,
          JSON.stringify(
            run.report.checks.flatMap((check) => check.findings),
            null,
            1,
          ),
        ).toEqual([...new Set([row.code, ...(row.also ?? [])])].toSorted());
        expect(finding?.severity).toBe(row.severity);
        expect(run.pasteFaults()).toEqual([]);
        const interpreter = `${site.python.directory}/bin/python `;
        if (typeof row.mends === 'string')
          expect(finding?.remedy.command?.replace(interpreter, 'python ')).toBe(row.mends);
        else expect(finding?.remedy.text).toMatch(row.mends);
        expect(run.exitCode).toBe(run.report.counts.errors + run.report.counts.couldNotCheck > 0 ? 1 : 0);
        expect(finding?.fix !== null, `fixable: ${finding?.fix}`).toBe(row.fixable === true);
        if (finding !== undefined && (await typesRemedy(site, finding.remedy, row.answers)))
          expect((await site.doctor(flags, env)).codes, finding.remedy.text).not.toContain(row.code);
        const command = finding?.remedy.command ?? '';
        const isRun = /^npx devsetup(?! (?:status|audit|db)\b)/.test(command);
        if (row.fixable !== true && !isRun) return;
        // What the doctor says devsetup does, devsetup does: the command as printed. Edits are the business of --fix.
        const later = row.afterwards ?? env;
        if (isRun) await site.show(command.split(' ').slice(2), later);
        else await site.show(['doctor', '--fix', '--yes', ...flags], env);
        const after = await site.doctor(flags, later);
        expect(after.codes).toEqual(row.leaves ?? []);
        const unseen = after.report.checks.filter(({ status }) => status === 'could-not-check');
        expect(after.exitCode, JSON.stringify(unseen, null, 1)).toBe(0);
      } finally {
        await site.remove();
      }
    });
  }
};

/** Without a placeholder (`…`), and nothing that ends the session of somebody, wants a restart or creates a database. */
const STATEMENT =
  /\bDO \$\$.*?\$\$;|\b(?:GRANT|ALTER (?:DATABASE|ROLE|TABLE)|CREATE (?:EXTENSION|ROLE|SCHEMA)|INSERT INTO) [^;…]*;/g;

/** Types what the finding says, literally: a command of manage.py, or statements, as a superuser. False where it says neither. */
const typesRemedy = async (site: DoctorSite, remedy: Remedy, answers = ''): Promise<boolean> => {
  if (remedy.command?.includes('manage.py ') === true) {
    await typeCommand(site, `printf '${answers}' | (${remedy.command})`);
    return true;
  }
  const statements = remedy.text.match(STATEMENT) ?? [];
  for (const statement of statements) await site.sql(statement);
  return statements.length > 0;
};
