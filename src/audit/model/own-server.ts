import { showHoles, type Holes } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { WorkflowJob, YamlValue } from '../../workflows/workflow.ts';
import type { AuditedStep } from '../pipeline.ts';
import { runsOnlyAfterFailure } from './conditions.ts';
import { baseName } from './django-command.ts';

/** What is there to keep running: no test restarts a service of its machine. */
const SERVICE =
  /^(?:systemctl (?:restart|reload|start|try-restart|reload-or-restart)|service \S+ (?:restart|reload|start)|supervisorctl (?:restart|reload|update|start)|pm2 (?:restart|reload|start|startOrReload)|nginx -s|apachectl (?:restart|graceful)|(?:gunicorn|uwsgi|daphne|hypercorn)\b)/;
const STARTS =
  /^(?:(?:docker compose|docker-compose)\b.* up\b.* (?:-d|--detach)\b|docker run\b.* --restart\b|docker stack deploy)/;
const ENDS = /^(?:(?:docker compose|docker-compose)\b.* (?:down|stop|rm)\b|docker (?:stop|rm|kill)\b)/;

export const isSelfHosted = ({ runsOn }: Pick<WorkflowJob, 'runsOn'>): boolean =>
  runsOn !== null && textsOf(runsOn).some((text) => text.includes('self-hosted'));

/** Labels of GitHub's runners and of those that firms lend out; any other one is most likely a machine of one's own. */
const LENT =
  /ubuntu|windows|macos|linux|\$\{\{|^(?:blacksmith|buildjet|depot|namespace|nscloud|warp|runs-on|arc-|codebuild|cirun|gha-|ghcr)|large|\d ?-?(?:v?cpu|cores?)/i;

const hasLabelOfItsOwn = ({ runsOn }: WorkflowJob): boolean =>
  runsOn?.kind === 'scalar' && runsOn.scalar.value !== '' && !LENT.test(runsOn.scalar.value);

/** A web server that is set up again, or the app; databases and Docker are as well started for tests. */
const SERVES =
  /^(?:(?:systemctl (?:restart|reload|reload-or-restart) (?!docker|postgres|mysql|mariadb|redis|mongo|ssh)\S)|service (?:nginx|apache2|httpd|gunicorn\S*) (?:restart|reload)|supervisorctl restart|pm2 (?:restart|reload|startOrReload)|nginx -s reload|apachectl (?:restart|graceful))/;

const textsOf = (value: YamlValue): readonly string[] => {
  if (value.kind === 'scalar') return [value.scalar.value];
  return value.kind === 'list'
    ? value.items.flatMap(textsOf)
    : [...value.entries.values()].flatMap((entry) => textsOf(entry.value));
};

const textOf = ({ words }: ShellCall, holes: Holes): string => {
  const [program, ...rest] = words.map(({ value }) => showHoles(value, holes));
  return [baseName(program ?? ''), ...rest].join(' ');
};

/**
 * Whether the job's runner is the server itself, whatever the job is called: a runner of one's own, on which the job restarts a service, or
 * starts containers that it leaves running and tests nothing.
 */
export const isOnItsServer = (
  job: WorkflowJob,
  steps: readonly AuditedStep[],
  { holes, isTest }: { readonly holes: Holes; readonly isTest: (call: ShellCall) => boolean },
): boolean => {
  if (hasLabelOfItsOwn(job)) {
    const own = steps.flatMap(({ calls }) =>
      calls.filter(({ layers }) => !layers.some(({ kind }) => kind === 'remote' || kind === 'container')),
    );
    if (own.some((call) => SERVES.test(textOf(call, holes)))) return true;
  }
  if (!isSelfHosted(job)) return false;
  // A runner of one's own is often the server itself.
  if (/deploy|release|publish|prod/i.test(`${job.id} ${job.name?.value ?? ''}`)) return true;
  const calls = steps.flatMap((step) => {
    const isForFailures = runsOnlyAfterFailure(step.step.condition);
    return step.calls
      .filter(({ layers }) => !layers.some(({ kind }) => kind === 'remote'))
      .map((call) => ({ call, text: textOf(call, holes), isSure: !isForFailures && isUnconditional(call) }));
  });
  if (calls.some(({ text }) => SERVICE.test(text))) return true;
  const started = calls.findLastIndex(({ text }) => STARTS.test(text));
  // What is stopped because something has failed says nothing of a run that succeeds.
  const isStopped = calls.slice(started + 1).some(({ text, isSure }) => isSure && ENDS.test(text));
  return started >= 0 && !isStopped && !calls.some(({ call }) => isTest(call));
};

const isUnconditional = ({ isConditional, isFallback }: ShellCall): boolean => !isConditional && !isFallback;
