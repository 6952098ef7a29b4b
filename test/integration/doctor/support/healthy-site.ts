import type { DoctorReport } from '../../../../src/core/doctor-report.ts';
import type { DevsetupRun } from '../../../support/run-devsetup.ts';
import { writeProjectFile, type Variation } from '../../../support/sample-project.ts';
import { openSite, type Site, type SiteOptions } from '../../behaviour/support/site.ts';
import { HEALTHY_DEV_CONTAINER } from './healthy-dev-container.ts';
import { HEALTHY_PIPELINE } from './healthy-pipeline.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A run of `devsetup doctor --json`. */
export interface Diagnosed extends DevsetupRun {
  readonly report: DoctorReport;
  /** The codes of all findings, sorted, each once. */
  readonly codes: readonly string[];
}

export interface DoctorSite extends Site {
  doctor(args?: readonly string[], env?: Env): Promise<Diagnosed>;
}

/** What a well-kept checkout has beside its backend: a dev container, a pipeline, a sample of its variables. */
export const wellKept: Variation = async (project) => {
  for (const [name, text] of Object.entries(WELL_KEPT)) await writeProjectFile(project, name, text);
};

/** A copy of the sample, set up, with nothing for the doctor to find. */
export const openDoctorSite = async (options: SiteOptions = {}): Promise<DoctorSite> => {
  const site = await openSite({ start: 'ready', ...options, variations: [wellKept, ...(options.variations ?? [])] });
  return {
    ...site,
    doctor: async (args = [], env = {}) => diagnosed(await site.show(['doctor', ...args, '--json'], env)),
  };
};

export const diagnosed = (run: DevsetupRun): Diagnosed => {
  const report = run.json as unknown as DoctorReport | undefined;
  if (report?.checks === undefined) throw new Error(`the doctor printed no report:\n${run.stdout}${run.stderr}`);
  const codes = new Set(report.checks.flatMap((check) => check.findings.map((finding) => finding.code)));
  return { ...run, report, codes: [...codes].toSorted() };
};

const WELL_KEPT: Readonly<Record<string, string>> = { ...HEALTHY_DEV_CONTAINER, ...HEALTHY_PIPELINE };
