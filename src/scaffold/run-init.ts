import type { InitReport } from '../core/init-report.ts';
import { findRoot } from '../project/find-root.ts';
import { shown } from '../project/files.ts';
import { unconfirmed } from './carry-out.ts';
import { chooseDevContainers } from './existing/choose-dev-containers.ts';
import { initDevContainer, type InitPlace } from './init-dev-container.ts';
import type { InitOptions } from './init-options.ts';
import type { InitServices } from './init-services.ts';
import { joinReports } from './join-reports.ts';
import type { ReadFile } from './write/scaffold-files.ts';

/**
 * `devsetup init`: one dev container after the other, because they share files: each plan is made from what the one before has written.
 * What one of them rejects is found before anything is written.
 */
export const runInit = async <F extends ReadFile>(
  options: InitOptions,
  place: InitPlace,
  services: InitServices<F>,
): Promise<InitReport> => {
  const root = await findRoot({ cwd: place.cwd, project: place.project });
  const choose = services.canAsk ? services.choose : undefined;
  const { files, others } = await chooseDevContainers(root, options.devContainer, choose);
  const [first, ...more] = files;
  if (more.length === 0) return withOthers(await initDevContainer(options, place, services, first), others);

  const isPlanOnly = options.dryRun || (!services.canAsk && !services.isAllowed);
  if (!isPlanOnly) {
    for (const file of files) await initDevContainer({ ...options, dryRun: true }, place, unseen(services), file);
  }
  const showing = { ...services, showPlan: showOnce(services.showPlan) };
  const reports: InitReport[] = [];
  for (const file of files) {
    const report = await initDevContainer({ ...options, dryRun: isPlanOnly }, place, showing, file);
    reports.push(report);
    if (report.outcome === 'interrupted' || report.outcome === 'failed') break;
  }
  if (isPlanOnly && !options.dryRun && reports.some(({ outcome }) => outcome === 'would-change'))
    throw unconfirmed(place.command);
  const joined = joinReports(reports, place.command);
  const missing = files.filter((_, index) => !isSetUp(reports[index])).map((file) => shown(root, file));
  return missing.length === 0 || missing.length === files.length
    ? joined
    : { ...joined, notes: [...joined.notes, `${missing.join(', ')}: not set up.`] };
};

const isSetUp = (report: InitReport | undefined): boolean =>
  report !== undefined && ['done', 'unchanged', 'would-change'].includes(report.outcome);

/** A change that several plans have, e.g. of package.json, is shown with the first of them. */
const showOnce = (show: InitServices<ReadFile>['showPlan']): typeof show => {
  const seen = new Set<string>();
  return (plan) => {
    const files = plan.files.filter(({ path: name, after }) => !seen.has(`${name}\0${after}`));
    for (const { path: name, after } of files) seen.add(`${name}\0${after}`);
    show({ ...plan, files });
  };
};

/** With the usual answers, and nothing printed. */
const unseen = <F extends ReadFile>(services: InitServices<F>): InitServices<F> => ({
  ...services,
  canAsk: false,
  askOpenOptions: (choices) => Promise.resolve(choices),
  showFound: () => {},
  showScripts: () => {},
  showPlan: () => {},
});

/** Which others there are, and how one of them is chosen. */
const withOthers = (report: InitReport, others: readonly string[]): InitReport => {
  const [other] = others;
  if (other === undefined || report.outcome === 'unchanged') return report;
  const note = `${others.join(', ')} ${others.length === 1 ? 'stays as it is' : 'stay as they are'}. Set up with devsetup init --dev-container ${other}`;
  return { ...report, notes: [...report.notes, note] };
};
