import path from 'node:path';

import type { Ending } from './ending.ts';

const SERVERS =
  /^(?:gunicorn|uvicorn|daphne|hypercorn|granian|uwsgi|waitress-serve|supervisord|nginx|caddy|honcho|foreman|overmind|hivemind|process-compose|flower|watchmedo|watchfiles|nodemon|webpack-dev-server|live-server|http-server|serve|json-server|browser-sync|livereload|sphinx-autobuild|ipython|ptpython|bpython|jupyter(?:-\w+)?|redis-server|postgres|mailhog|mailpit|maildev|ngrok|cloudflared|localtunnel|dramatiq|dramatiq-gevent|huey_consumer(?:\.py)?|rqworker|rqscheduler|arq|faktory|watch|entr|top|htop|less|more|vi|vim|nano|tmux|screen|bpython|storybook|start-storybook|celery)$/;

/** Programs of which one verb or option decides; what is not listed says nothing. */
const BY_WORDS: Readonly<Record<string, { readonly runs: RegExp; readonly otherwise: Ending }>> = {
  celery: { runs: /\b(?:worker|beat|flower|events|shell|multi)\b/, otherwise: 'unknown' },
  vite: { runs: /^(?!.*\b(?:build|optimize)\b)|--watch|\s-w\b/, otherwise: 'ends' },
  webpack: { runs: /--watch\b|\s-w\b|\bserve\b|\bwatch\b/, otherwise: 'ends' },
  next: { runs: /^(?!.*\b(?:build|lint|info|telemetry|export)\b)/, otherwise: 'ends' },
  nuxt: { runs: /^(?!.*\b(?:build|generate|prepare|analyze)\b)/, otherwise: 'ends' },
  nuxi: { runs: /\b(?:dev|preview|start)\b/, otherwise: 'ends' },
  ng: { runs: /\bserve\b|--watch\b/, otherwise: 'unknown' },
  'vue-cli-service': { runs: /\bserve\b|--watch\b/, otherwise: 'ends' },
  'react-scripts': { runs: /\b(?:start|test)\b/, otherwise: 'ends' },
  astro: { runs: /\b(?:dev|preview)\b/, otherwise: 'ends' },
  parcel: { runs: /^(?!.*\bbuild\b)/, otherwise: 'ends' },
  rollup: { runs: /--watch\b|\s-\w*w\w*\b/, otherwise: 'ends' },
  esbuild: { runs: /--(?:watch|serve)\b/, otherwise: 'ends' },
  tsc: { runs: /--watch\b|\s-w\b/, otherwise: 'ends' },
  sass: { runs: /--watch\b|\s-w\b/, otherwise: 'ends' },
  'node-sass': { runs: /--watch\b|\s-w\b/, otherwise: 'ends' },
  tailwindcss: { runs: /--watch\b|\s-w\b/, otherwise: 'ends' },
  postcss: { runs: /--watch\b|\s-w\b/, otherwise: 'ends' },
  gulp: { runs: /\b(?:watch|serve|dev|default)\b|^\s*$/, otherwise: 'unknown' },
  grunt: { runs: /\b(?:watch|serve|dev)\b/, otherwise: 'unknown' },
  mkdocs: { runs: /\bserve\b/, otherwise: 'ends' },
  flask: { runs: /\b(?:run|shell)\b/, otherwise: 'unknown' },
  rq: { runs: /\bworker/, otherwise: 'unknown' },
  stripe: { runs: /\b(?:listen|logs)\b/, otherwise: 'unknown' },
  inotifywait: { runs: /--monitor\b|-\w*m/, otherwise: 'unknown' },
  tail: { runs: /(?:^|\s)-\w*[fF]|--follow/, otherwise: 'ends' },
  sleep: { runs: /\binf(?:inity)?\b/, otherwise: 'ends' },
  jest: { runs: /--watch/, otherwise: 'ends' },
  vitest: { runs: /^(?!.*\b(?:run|list|bench)\b)|--watch\b/, otherwise: 'ends' },
  expo: { runs: /\bstart\b/, otherwise: 'unknown' },
};

const ENDING = new Set(
  (
    'mkdir touch cp mv ln install rsync dd truncate sed perl envsubst chmod chown openssl msgfmt prettier eslint stylelint svgo svg-sprite terser uglifyjs ' +
    'cleancss cssnano csso lessc stylus postcss-cli babel swc black ruff isort flake8 mypy pylint djlint djhtml playwright compilemessages bower ' +
    'pysassc sassc pybabel graphql-codegen openapi-typescript openapi-generator orval prisma patch-package husky echo printf cat tar unzip gzip ' +
    'rimraf cpx copyfiles cpy mkdirp webpack-cli'
  ).split(' '),
);

/** Modules that `python -m` runs. */
const MODULES: readonly (readonly [RegExp, Ending])[] = [
  [
    /^(?:http\.server|celery|uvicorn|gunicorn|daphne|hypercorn|waitress|code|IPython|jupyter|notebook|pdb|smtpd|aiosmtpd|flower|watchfiles|livereload|dramatiq|huey|rq|asyncio|idlelib)\b/,
    'runs',
  ],
  [
    /^(?:compileall|pysassc|playwright|pre_commit|nltk\.downloader|spacy|black|ruff|mypy|babel|json\.tool|zipfile|tarfile)\b/,
    'ends',
  ],
];

/** By the words of a program alone; null: they say nothing. */
export const endingByWords = (words: readonly string[]): Ending | null => {
  const [first = '', ...args] = words;
  const name = path.posix.basename(first);
  const known = Object.hasOwn(BY_WORDS, name) ? BY_WORDS[name] : undefined;
  if (known !== undefined) return known.runs.test(` ${args.join(' ')}`) ? 'runs' : known.otherwise;
  if (SERVERS.test(name)) return 'runs';
  return ENDING.has(name) ? 'ends' : null;
};

export const endingOfModule = (module: string): Ending | null =>
  MODULES.find(([pattern]) => pattern.test(module))?.[1] ?? null;

/** Of package.json: names that are given to servers and watchers. */
export const isRunningScript = (name: string): boolean =>
  /^(?:dev|start|serve|watch|preview|storybook)(?::|$)|[:-](?:watch|dev|serve)$/.test(name);
