import type { DownReport } from '../core/down-report.ts';

/** What `devsetup down` ends with: what is gone, and what stays. Failures are shown as errors are. */
export const renderDown = (
  { outcome, error, stopped, removed, volumes }: DownReport,
  { deleteVolumes }: { readonly deleteVolumes?: boolean } = {},
): string => {
  if (error !== null) return '';
  if (outcome === 'declined') return 'Nothing was changed: the dev container and its volumes stay.\n';
  const isRemoved = removed.length > 0 || volumes.deleted.length > 0;
  const hasNone = deleteVolumes === true && volumes.deleted.length === 0 && volumes.kept.length === 0;
  const lines = [
    ...(removed.length > 0
      ? [`Removed: ${removed.join(', ')}`]
      : stopped.length > 0
        ? [`Stopped: ${stopped.join(', ')}`]
        : []),
    ...(volumes.deleted.length > 0 ? [`Deleted, with the data in them: ${volumes.deleted.join(', ')}`] : []),
    ...(hasNone ? ['The dev container of this checkout has no volumes.'] : []),
    ...(volumes.kept.length > 0 ? [`Kept, with the data in them: ${volumes.kept.join(', ')}`] : []),
  ];
  if (outcome === 'interrupted') return ['Interrupted.', ...lines, ''].join('\n');
  if (stopped.length === 0 && !isRemoved) {
    return ['Nothing to stop: the dev container of this checkout does not run.', ...lines, ''].join('\n');
  }
  const again = isRemoved ? '`npx devsetup up` creates it again.' : '`npx devsetup up` starts it again.';
  return [...lines, again, ''].join('\n');
};
