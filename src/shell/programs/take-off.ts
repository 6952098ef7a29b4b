import type { Variable } from '../shell-run.ts';
import type { Started } from '../machine/machine.ts';
import { optionSet, skipOptions } from './options.ts';

/** Programs that run the command they are given as it is, with the options of theirs that take a value. */
const WRAPPERS: Readonly<Record<string, ReadonlySet<string>>> = {
  sudo: optionSet('-u --user -g --group -h --host -p --prompt -C -r -t -D --chdir -T'),
  doas: optionSet('-u -C'),
  env: optionSet('-u --unset -C --chdir'),
  nice: optionSet('-n --adjustment'),
  ionice: optionSet('-c --class -n --classdata'),
  nohup: optionSet(''),
  exec: optionSet('-a'),
  command: optionSet(''),
  builtin: optionSet(''),
  setsid: optionSet(''),
  time: optionSet('-f -o --format --output'),
  stdbuf: optionSet('-i -o -e --input --output --error'),
  unbuffer: optionSet(''),
  chronic: optionSet(''),
  caffeinate: optionSet(''),
  'with-contenv': optionSet(''),
  'dumb-init': optionSet('-r --rewrite'),
  tini: optionSet('-p -e'),
  'docker-init': optionSet('-p -e'),
  setpriv: optionSet(
    '--reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits --pdeathsig --selinux-label --apparmor-profile',
  ),
  chpst: optionSet('-u -U -e -/ -n -l -L -m -d -o -p -f -c -r -t -b'),
  'ddtrace-run': optionSet(''),
  'opentelemetry-instrument': optionSet('--traces_exporter --metrics_exporter --logs_exporter --service_name'),
  dockerize: optionSet('-wait -timeout -wait-retry-interval -wait-http-header -template -stdout -stderr'),
};

/** Programs whose second word says that a command follows. */
const RUNNERS: Readonly<Record<string, { readonly run: readonly string[]; readonly valued: ReadonlySet<string> }>> = {
  poetry: { run: ['run'], valued: optionSet('-C --directory -P --project') },
  uv: {
    run: ['run'],
    valued: optionSet(
      '-p --python --with --with-requirements --with-editable --extra --group --only-group --no-group --project --directory --env-file --package --index --index-url --default-index --extra-index-url --cache-dir --config-file --find-links -f',
    ),
  },
  pipenv: { run: ['run'], valued: optionSet('--python') },
  pdm: { run: ['run'], valued: optionSet('-p --project') },
  hatch: { run: ['run'], valued: optionSet('-e --env -p --project') },
  rye: { run: ['run'], valued: optionSet('') },
  pixi: { run: ['run'], valued: optionSet('-e --environment --manifest-path') },
  conda: { run: ['run'], valued: optionSet('-n --name -p --prefix --cwd') },
  mamba: { run: ['run'], valued: optionSet('-n --name -p --prefix --cwd') },
  micromamba: { run: ['run'], valued: optionSet('-n --name -p --prefix') },
  dotenv: { run: ['run'], valued: optionSet('-f --file -e') },
  doppler: { run: ['run'], valued: optionSet('-p --project -c --config -t --token --command') },
  op: { run: ['run'], valued: optionSet('--env-file --account') },
  infisical: { run: ['run'], valued: optionSet('--env --path --projectId --token --domain') },
  direnv: { run: ['exec'], valued: optionSet('') },
  chamber: { run: ['exec'], valued: optionSet('') },
  'aws-vault': { run: ['exec'], valued: optionSet('-d --duration --region') },
  mise: { run: ['exec', 'x'], valued: optionSet('') },
  asdf: { run: ['exec'], valued: optionSet('') },
  'newrelic-admin': { run: ['run-program'], valued: optionSet('') },
  honcho: { run: ['run'], valued: optionSet('-e --env -d --app-root -f --procfile') },
  foreman: { run: ['run'], valued: optionSet('-e --env -d --root -f --procfile') },
};

/** One wrapper less; null: there is none. */
export const takeOff = (command: Started): Started | null => {
  const { words } = command;
  const name = baseName(words[0]?.value ?? '');
  const rest = (from: number, prefix = command.prefix): Started | null =>
    from > 0 && from < words.length ? { ...command, words: words.slice(from), prefix } : null;
  if (/^[A-Za-z_]\w*=/.test(words[0]?.value ?? '') && words.length > 1) {
    const { prefix, from } = takeAssignments(command, 0);
    return rest(from, prefix);
  }
  if (name === 'timeout' || name === 'gtimeout') {
    return rest(skipOptions(words, 1, optionSet('-k --kill-after -s --signal')) + 1);
  }
  // Whatever it waits for: the command stands behind `--`.
  if (/^wait-?for(?:-it|-postgres|-db)?(?:\.sh)?$/.test(name)) {
    return rest(words.findIndex(({ value }) => value === '--') + 1);
  }
  // The first word is the user.
  if (/^(?:gosu|su-exec|s6-setuidgid|setuidgid|s6-applyuidgid)$/.test(name)) {
    return rest(skipOptions(words, 1, optionSet('-u -g -G')) + (name === 's6-applyuidgid' ? 0 : 1));
  }
  if (name === 'runuser') {
    const isShell = words.some(({ value }) => /^(?:-c|--command)(?:=|$)/.test(value));
    const of = words.findIndex(({ value }) => /^(?:-u|--user)(?:=|$)/.test(value));
    return of < 0 || isShell ? null : rest(skipOptions(words, 1, optionSet('-u --user -g --group -G --supp-group')));
  }
  if (name === 'flock') return rest(skipOptions(words, 1, optionSet('-w --timeout --wait -E')) + 1);
  if (name === 'chroot') return rest(skipOptions(words, 1, optionSet('--userspec --groups')) + 1);
  if (name === 'xargs')
    return rest(
      skipOptions(words, 1, optionSet('-I -n -P -L -d -a -E -s --max-args --max-procs --delimiter --arg-file')),
    );
  if (name === 'watch') return rest(skipOptions(words, 1, optionSet('-n --interval')));
  if (name === 'retry' || name === 'with_retry' || name === 'retry_command') {
    let from = skipOptions(words, 1, optionSet('-t --times -d --delay -m --max --tries -n --attempts -s --sleep'));
    while (/^\d+[smh]?$/.test(words[from]?.value ?? '')) from += 1;
    return rest(from);
  }
  if ((name === 'command' || name === 'exec' || name === 'builtin') && /^-[vVc]/.test(words[1]?.value ?? ''))
    return null;
  const valued = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  if (valued !== undefined) {
    const start = skipOptions(words, 1, valued);
    const { prefix, from } = takeAssignments(command, start);
    const inner = rest(from, prefix);
    if (inner === null || from === start || (name !== 'sudo' && name !== 'doas')) return inner;
    return { ...inner, shownBefore: [...(command.shownBefore ?? []), ...words.slice(start, from)] };
  }
  const runner = Object.hasOwn(RUNNERS, name) ? RUNNERS[name] : undefined;
  if (runner === undefined) return null;
  const verb = skipOptions(words, 1, runner.valued);
  if (!runner.run.includes(words[verb]?.value ?? '')) return null;
  let from = skipOptions(words, verb + 1, runner.valued);
  if ((name === 'direnv' || name === 'chamber' || name === 'aws-vault') && words[from - 1]?.value !== '--') {
    from += 1;
    if (words[from]?.value === '--') from += 1;
  }
  return rest(from);
};

/** `env A=1 B=2 cmd` */
const takeAssignments = (
  { words, prefix }: Started,
  start: number,
): { readonly prefix: ReadonlyMap<string, Variable>; readonly from: number } => {
  const variables = new Map(prefix);
  let from = start;
  for (; from < words.length; from += 1) {
    const word = words[from];
    const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(word?.value ?? '') ?? [];
    if (word === undefined || name === undefined || value === undefined) break;
    variables.set(name, { value, span: word.span });
  }
  return { prefix: variables, from };
};

export const baseName = (path: string): string => (path.includes('/') ? path.slice(path.lastIndexOf('/') + 1) : path);
