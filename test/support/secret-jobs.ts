/** A job that deploys, with this in its step; line 1 of `run` is line `FIRST` of the file. */
export const FIRST = 9;

const indent = (text: string, by: number): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(by) + line))
    .join('\n');

/** A workflow whose only job deploys and runs this script. */
export const deployRun = (run: string): string =>
  [
    'on: push',
    'jobs:',
    '  deploy:',
    '    runs-on: ubuntu-24.04',
    '    environment: production',
    '    steps:',
    '      - run: kubectl rollout restart deployment/web',
    '      - run: |',
    indent(run, 10),
    '',
  ].join('\n');

/** The same job with variables or inputs instead: the first line of `more` is line `FIRST` too. */
export const deployWith = (key: 'env' | 'with', more: string): string =>
  deployRun('').replace(
    '      - run: |\n',
    `      - ${key === 'with' ? 'uses: acme/push@v1\n        with' : 'run: ./go\n        env'}:\n${indent(more, 10)}\n`,
  );

/** With `deployWith`, the first line is one further down. */
export const FIRST_WITH = FIRST + 1;
