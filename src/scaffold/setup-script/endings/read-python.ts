/** What a piece of Python says about its end. */
export interface PythonSigns {
  /** Something in it runs until it is stopped. */
  readonly runs: boolean;
  /** Something in it may. */
  readonly isOpen: boolean;
  /** Names of management commands that it calls or extends. */
  readonly manage: readonly string[];
  /** Programs that it starts, as words. */
  readonly programs: readonly (readonly string[])[];
  /** What it takes from other modules. */
  readonly imports: readonly { readonly module: string; readonly names: readonly string[] }[];
}

/** What servers, workers and prompts are called or started by. */
const RUNS =
  /\b(?:serve_forever|run_forever|run_simple|run_with_reloader|worker_main|start_consuming|infinity_polling|run_polling|start_polling|run_until_disconnected|execute_from_commandline)\s*\(|\bos\.exec[lv]p?e?\s*\(|\bexec[lv]p?e?\s*\(\s*["']|\bsignal\.pause\s*\(|\bautoreload\.\w+\s*\(|\b(?:uvicorn|hypercorn|waitress|cheroot)\.(?:run|serve)\s*\(|\b(?:BlockingScheduler|ThreadingHTTPServer|HTTPServer|TCPServer|UDPServer|WSGIServer|SocketModeHandler)\s*\(|\bCluster\s*\(|\bWorker\s*\([^)]*\)\s*\.\s*(?:work|start|run)\s*\(|\bcode\.interact\s*\(|\bIPython\.\w+|\b(?:embed|breakpoint|set_trace)\s*\(\s*\)|\b(?:app|celery_app|current_app|celery)\.(?:Worker|Beat)\s*\(|\bexecute_from_command_line\s*\([^)]*["']run(?:server|worker)/;

/** What may wait for a person, or for ever. */
const OPEN =
  /(?<![\w.])input\s*\(|\b(?:confirm|prompt|execute_from_command_line)\s*\(|\bgetpass\s*\(|\brun_until_complete\s*\(|\brun_pending\s*\(|\.(?:listen|subscribe|blpop|brpop)\s*\(|\bObserver\s*\(|\bscheduler\.start\s*\(|\bset_wakeup_fd\b|\bcall_command\s*\(\s*(?!["'])|\b(?:os\.system|subprocess\.\w+|Popen|run|check_call)\s*\(\s*(?:f["']|\w+[,)])/;

/** Libraries of servers, workers, queues and bots: who imports them may wait for ever. */
const LIBRARY =
  /^(?:celery\.(?:bin|apps|worker|beat)|uvicorn|gunicorn|daphne|hypercorn|waitress|cheroot|huey\.consumer|django_q\.cluster|rq\.worker|dramatiq\.cli|watchfiles|watchgod|watchdog|livereload|apscheduler|schedule|telegram|telebot|telethon|aiogram|discord|slack_bolt|pika|kafka|confluent_kafka|aiokafka|nats|paho|websockets|socketserver|http\.server|xmlrpc\.server|grpc|werkzeug\.serving|tornado|twisted|IPython|ptpython|bpython|code)(?:\.|$)/;

const EXIT = /^\s*(?:break|return|raise|sys\.exit|os\._exit)\b/;

/** Reads it by signs; comments and docstrings say nothing. */
export const readPython = (text: string): PythonSigns => {
  const code = text
    .replaceAll(/("""|''')[\s\S]*?\1/g, '""')
    .replaceAll(/^\s*#.*$/gm, '')
    .replaceAll(/\s#\s.*$/gm, '');
  const loops = endlessLoops(code);
  const imports = importsOf(code);
  return {
    runs: RUNS.test(code) || loops.includes('runs'),
    isOpen: OPEN.test(code) || loops.length > 0 || imports.some(({ module }) => LIBRARY.test(module)),
    manage: [
      ...[...code.matchAll(/\bcall_command\s*\(\s*["']([\w-]+)["']/g)].map(([, name = '']) => name),
      ...imports.flatMap(({ module }) => /\bmanagement\.commands\.(\w+)$/.exec(module)?.[1] ?? []),
    ],
    programs: [
      ...[...code.matchAll(/[(=]\s*\[\s*(sys\.executable\s*,)?((?:\s*["'][^"'\n]*["']\s*,?)+)/g)].map(
        ([, python, list = '']) => [
          ...(python === undefined ? [] : ['python']),
          ...[...list.matchAll(/["']([^"'\n]*)["']/g)].map(([, word = '']) => word),
        ],
      ),
      ...[...code.matchAll(/\b(?:os\.system|subprocess\.\w+|Popen)\s*\(\s*["']([^"'\n]+)["']/g)].map(([, line = '']) =>
        line.split(/\s+/),
      ),
    ].filter(([program]) => /^[\w./-]+$/.test(program ?? '') && /\bsubprocess\b|\bPopen\b|\bos\.system\b/.test(code)),
    imports,
  };
};

/** `while True:`; `open` where something in it leaves it, or a flag ends it: `while not self.stopped:`. */
const endlessLoops = (code: string): readonly ('runs' | 'open')[] => {
  const lines = code.split('\n');
  return lines.flatMap((line, index) => {
    const [, indent = '', condition] = /^(\s*)while\s*\(?\s*((?:not\s+)?[\w.]+(?:\(\))?)\s*\)?\s*:/.exec(line) ?? [];
    if (condition === undefined) return [];
    if (!/^(?:True|1)$/.test(condition)) return ['open'];
    const end = lines.findIndex((next, at) => at > index && next.trim() !== '' && indentOf(next) <= indent.length);
    const body = lines.slice(index + 1, end === -1 ? undefined : end);
    return [body.some((next) => EXIT.test(next)) ? 'open' : 'runs'];
  });
};

const indentOf = (line: string): number => /^\s*/.exec(line)?.[0].length ?? 0;

const importsOf = (code: string): PythonSigns['imports'] => [
  ...[...code.matchAll(/^\s*from\s+([\w.]+)\s+import\s+(\([^)]*\)|[^\n]+)/gm)].map(([, module = '', names = '']) => ({
    module,
    names: names
      .replaceAll(/[()]/g, '')
      .split(',')
      .map((name) => name.trim().split(/\s+/)[0] ?? '')
      .filter((name) => name !== ''),
  })),
  ...[...code.matchAll(/^\s*import\s+([\w.]+)/gm)].map(([, module = '']) => ({ module, names: [] })),
];

/** The functions and classes of these names, as far as they stand at the top of the module. */
export const definitionsOf = (text: string, names: readonly string[]): string => {
  const blocks = text.split(/^(?=[A-Za-z_@])/m);
  return blocks.filter((block) => names.includes(DEFINITION.exec(block)?.[1] ?? '')).join('');
};

const DEFINITION = /^(?:async\s+def|def|class)\s+(\w+)/;
