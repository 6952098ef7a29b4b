import { showHoles, type Holes } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { AuditedStep } from '../pipeline.ts';
import { baseName, readDjangoCommand } from './django-command.ts';

/** Programs that change nothing that runs; those that tidy up, log in and keep the server's own schedule included. */
const LOOKS =
  /^(?:echo|printf|cat|ls|cd|pwd|test|\[|\[\[|true|false|:|exit|set|export|source|\.|sleep|date|whoami|id|uptime|df|du|free|ps|e?grep|head|tail|wc|awk|sort|uniq|cut|tee|find|which|command|hostname|uname|env|curl|wget|nc|ping|dig|pg_isready|pg_dump(?:all)?|mysqldump|mongodump|gzip|mkdir|mktemp|touch|chmod|chown|rm|flock|crontab|read|journalctl)(?: |$)/;
const LOOKING_COMMANDS =
  /^(?:docker (?:ps|logs|inspect|images|stats|info|version|log(?:in|out)|rmi|(?:image|builder|buildx|volume|network|system) (?:prune|rm|ls))|(?:docker compose|docker-compose)(?: -\S+(?: [\w./-]+)?)* (?:ps|logs|config|images)|kubectl\b.* (?:get|describe|logs)|systemctl (?:status|is-active|is-enabled|show|list-units)|service \S+ status|supervisorctl status|pm2 (?:list|status|logs|ls|describe|show|info)|nginx -t|git (?:log|status|rev-parse|diff|show))\b/;
const LOOKING_DJANGO = /^(?:check|showmigrations|diffsettings|dumpdata|version|help)$/;

const looks = (call: ShellCall, holes: Holes): boolean => {
  const django = readDjangoCommand(call);
  if (django !== null) return LOOKING_DJANGO.test(django.name);
  const [program, ...rest] = call.words.map(({ value }) => showHoles(value, holes));
  const text = [baseName(program ?? ''), ...rest].join(' ');
  return LOOKS.test(text) || LOOKING_COMMANDS.test(text);
};

/** Whether all that a step runs on a server changes nothing there: a health check, a backup, a list of containers. */
export const onlyLooksAtServer = ({ calls, unknownScripts }: AuditedStep, holes: Holes): boolean => {
  const opened = new Set(calls.flatMap(({ layers }) => layers.map(({ span }) => `${span.line}:${span.column}`)));
  // A command that runs another one on the server is judged by that.
  const remote = calls.filter(
    ({ layers, span }) => layers.some(({ kind }) => kind === 'remote') && !opened.has(`${span.line}:${span.column}`),
  );
  return remote.length > 0 && unknownScripts.length === 0 && remote.every((call) => looks(call, holes));
};
