import { describe, expect, it } from 'vitest';

import { namedValues } from '../../../src/workflows/named-values.ts';
import { parseWorkflow } from '../../../src/workflows/parse-workflow.ts';

const named = async (text: string): Promise<readonly string[]> =>
  namedValues(await parseWorkflow('ci.yml', text)).map(
    ({ kind, name, environments }) => `${kind} ${name}${environments.map((one) => ` @${one}`).join('')}`,
  );

const job = (lines: string, more = ''): string => `
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
${more}
    steps:
      - run: ./deploy
        env:
${lines
  .split('\n')
  .map((line) => `          ${line}`)
  .join('\n')}
`;

describe('what a workflow needs from the settings', () => {
  it.each([
    ['KEY: ${{ secrets.DEPLOY_KEY }}', ['secret DEPLOY_KEY']],
    ["KEY: ${{ secrets['deploy_key'] }}", ['secret DEPLOY_KEY']],
    ['URL: https://${{ vars.HOST }}/${{ secrets.PATH_PART }}', ['variable HOST', 'secret PATH_PART']],
    ["KEY: ${{ format('{0}', secrets.A) }}", ['secret A']],
  ])('is %s', async (line, expected) => {
    expect(await named(job(line))).toEqual(expected);
  });

  it.each([
    'TOKEN: ${{ secrets.GITHUB_TOKEN }}',
    'TOKEN: ${{ secrets.github_token }}',
    "KEY: ${{ secrets.KEY || 'none' }}",
    "HAS: ${{ secrets.KEY != '' }}\nKEY: ${{ secrets.KEY }}",
    'X: ${{ inputs.secrets.key }} ${{ needs.vars.outputs.x }} secrets.KEY',
    'ALL: ${{ toJSON(secrets) }}',
    'X: ${{ env.X }}',
  ])('is nothing by: %s', async (line) => {
    expect(await named(job(line))).toEqual([]);
  });

  it.each([
    ['a condition', "on: push\njobs:\n  a:\n    if: vars.ON == 'yes'\n    steps:\n      - run: ${{ vars.ON }}\n"],
    [
      'a condition on the environment variable',
      "on: push\njobs:\n  a:\n    env:\n      TOKEN: ${{ secrets.T }}\n    steps:\n      - if: env.TOKEN != ''\n        run: x\n",
    ],
    [
      'a script',
      'on: push\njobs:\n  a:\n    steps:\n      - env:\n          TOKEN: ${{ secrets.T }}\n        run: if [ -n "$TOKEN" ]; then x; fi\n',
    ],
    [
      'a default of the shell',
      'on: push\njobs:\n  a:\n    steps:\n      - env:\n          HOST: ${{ vars.H }}\n        run: ping ${HOST:-localhost}\n',
    ],
  ])('may be missing where it is tested by %s', async (_, text) => {
    expect(await named(text)).toEqual([]);
  });

  it('is looked for in the environment of the job', async () => {
    expect(await named(job('K: ${{ secrets.K }}', '    environment: production'))).toEqual(['secret K @production']);
    expect(await named(job('K: ${{ secrets.K }}', '    environment:\n      name: live\n      url: x'))).toEqual([
      'secret K @live',
    ]);
    expect(await named(job('K: ${{ secrets.K }}', '    environment: ${{ inputs.where }}'))).toEqual([]);
  });

  it('of the whole workflow may be in the environment of any job', async () => {
    const head = 'on: push\nenv:\n  K: ${{ secrets.K }}\njobs:\n  a: { environment: one }\n';
    expect(await named(`${head}  b: { environment: two }\n`)).toEqual(['secret K @one @two']);
    expect(await named(`${head}  b: { environment: "\${{ vars.E }}" }\n`)).toEqual([]);
  });

  it('is not what a caller gives', async () => {
    const steps = 'jobs:\n  a:\n    steps:\n      - run: ${{ secrets.GIVEN }} ${{ secrets.OWN }} ${{ vars.V }}\n';
    const declared = '  workflow_call:\n    secrets:\n      given:\n        required: true\n';
    expect(await named(`on:\n${declared}${steps}`)).toEqual([]);
    expect(await named(`on:\n  push:\n${declared}${steps}`)).toEqual(['secret OWN', 'variable V']);
  });

  it('is not what is handed to another workflow, which may do without', async () => {
    const called = 'on: push\njobs:\n  a:\n    uses: other/repo/.github/workflows/x.yml@v1\n';
    expect(await named(`${called}    secrets:\n      T: \${{ secrets.T }}\n`)).toEqual([]);
    expect(await named(`${called}    secrets: inherit\n`)).toEqual([]);
  });

  it('is nothing in jobs that are switched off or meant for another repository', async () => {
    expect(await named(job('K: ${{ secrets.K }}', '    if: false'))).toEqual([]);
    expect(await named(job('K: ${{ secrets.K }}', "    if: github.repository == 'a/b'"))).toEqual([]);
  });

  it('has the place where it is named first', async () => {
    const [found] = namedValues(await parseWorkflow('ci.yml', job('KEY: ${{ secrets.K }}')));
    expect(found?.place).toEqual({ file: 'ci.yml', line: 10, column: 16 });
  });
});
