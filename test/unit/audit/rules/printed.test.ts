import { describe, expect, it } from 'vitest';

import { printed } from '../../../../src/audit/rules/printed.ts';
import { auditOf } from '../../../support/audit.ts';
import { linesFound } from '../../../support/audit-findings.ts';
import { deployRun, FIRST } from '../../../support/secret-jobs.ts';

const RULE = 'secret/printed';
const GIVEN = '        env:\n          TOKEN: ${{ secrets.TOKEN }}\n          MODE: fast\n';
const inRun = (run: string): readonly string[] => linesFound({ 'a.yml': deployRun(run) + GIVEN }, RULE);

describe('a secret in the log', () => {
  it('is one finding for a secret of a file, with its other places as evidence', () => {
    const text = deployRun('echo "$TOKEN"\n./go\nprintf %s "$TOKEN"\necho "${{ secrets.OTHER }}"') + GIVEN;
    const found = printed.check(auditOf({ 'a.yml': text }));
    expect(found.map(({ span, evidence = [] }) => [span.line, evidence.map((one) => one.span?.line)])).toEqual([
      [FIRST, [FIRST + 2]],
      [FIRST + 3, []],
    ]);
  });

  it.each([
    ['an expression', 'echo "the token is ${{ secrets.TOKEN }}"'],
    ['all secrets as JSON', "echo '${{ toJSON(secrets) }}'"],
    ['a variable', 'echo "$TOKEN"'],
    ['another variable', 'copy=$TOKEN; echo "copy: $copy"'],
    ['printf', 'printf \'%s\\n\' "$TOKEN"'],
    ['a here-document', 'cat <<EOF\ntoken: $TOKEN\nEOF'],
    ['standard error', 'echo "$TOKEN" >&2'],
    ['tee', 'echo "$TOKEN" | tee token.txt'],
    ['in another form', 'echo "$TOKEN" | base64'],
    ['with blanks', "echo $TOKEN | sed 's/./& /g'"],
    ['a part', 'echo "${TOKEN:0:4}"'],
    ['the environment', 'env'],
    ['the environment, sorted', 'env | sort'],
    ['the environment, searched', 'env | grep TOK'],
    ['one variable', 'printenv TOKEN'],
    ['all variables', 'export -p'],
    ['the token of a run', 'echo "${{ secrets.GITHUB_TOKEN }}"'],
    ['a default', 'echo "${TOKEN:-none}"'],
    ['on a server', 'ssh app@host "echo $TOKEN"'],
    ['where a test fails', '[ -n "$OTHER" ] || echo "no other, $TOKEN"'],
    ['a trace', 'set -x; ./go --token "$TOKEN"'],
    ['an error of the workflow', 'echo "::error::cannot log in with $TOKEN"'],
  ])('%s', (name, script) => {
    expect(inRun(script)).toEqual([`a.yml:${FIRST + (name === 'a here-document' ? 1 : 0)}`]);
  });

  it.each([
    ['a file', 'echo "$TOKEN" > token.txt\nprintf %s "$TOKEN" >> .env'],
    ['the next step', 'echo "TOKEN=$TOKEN" >> "$GITHUB_ENV"\necho "x=$TOKEN" >> $GITHUB_OUTPUT'],
    ['a consumer', 'echo "$TOKEN" | docker login -u shop --password-stdin'],
    ['a consumer behind a filter', 'echo "$TOKEN" | base64 -d > key.json\necho "$TOKEN" | tr -d "\\r" | ssh-add -'],
    ['tee into nowhere', 'echo "$TOKEN" | sudo tee /etc/token > /dev/null'],
    ['masking', 'echo "::add-mask::$TOKEN"'],
    ['its length', 'echo "${#TOKEN}"\necho -n "$TOKEN" | wc -c'],
    ['its sum', 'echo -n "$TOKEN" | sha256sum'],
    ['that it is there', 'echo "${TOKEN:+is set}"\n[ -n "$TOKEN" ] && echo yes'],
    ['whether it is there', 'echo "${{ secrets.TOKEN != \'\' }}"'],
    ['a search', 'echo "$TOKEN" | grep -q "^ey" && echo valid'],
    ['a value that was taken', 'copy=$(echo "$TOKEN" | tr a b)\necho done'],
    ['its name', 'echo \'$TOKEN\' TOKEN "\\$TOKEN"'],
    ['another variable', 'printenv MODE\nenv | grep MODE\necho $MODE'],
    ['names only', "env | cut -d= -f1\nenv | sed 's/=.*//'"],
    ['nowhere', 'echo "$TOKEN" > /dev/null'],
    ['a trace that is off', 'set -x\nls\nset +x\n./go --token "$TOKEN"'],
    ['the environment of a container', 'docker run --rm -e MODE shop/web:1.2.3 env'],
    ['a comment', '# echo "$TOKEN"\ntrue'],
  ])('not %s', (_, script) => {
    expect(inRun(script)).toEqual([]);
  });

  it('a file that an earlier step has written', () => {
    const steps = `${deployRun('echo "TOKEN=$TOKEN" > .env') + GIVEN}      - run: cat .env\n      - run: cat README.md\n`;
    expect(linesFound({ 'a.yml': steps }, RULE)).toEqual([`a.yml:${FIRST + 4}`]);
  });

  it('nothing where the environment has no secret', () => {
    expect(linesFound({ 'a.yml': deployRun('env\nprintenv\nset') }, RULE)).toEqual([]);
  });

  it('one finding for a trace, however many commands it shows', () => {
    expect(inRun('set -x\n./go --token "$TOKEN"\n./come --token "$TOKEN"')).toEqual([`a.yml:${FIRST + 1}`]);
  });

  it('in tests too', () => {
    const test =
      'on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: |\n          pytest\n          echo "${{ secrets.KEY }}"\n';
    expect(linesFound({ 'a.yml': test }, RULE)).toEqual(['a.yml:8']);
  });

  it('where a composite action is given it', () => {
    const uses = deployRun('true').replace(
      '- run: |',
      '- uses: ./ops\n        with: {key: "${{ secrets.KEY }}"}\n      - run: |',
    );
    const action =
      'inputs:\n  key: {required: true}\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: |\n        echo "${{ inputs.key }}"\n';
    expect(linesFound({ 'a.yml': uses }, RULE, { checkout: { 'ops/action.yml': action } })).toEqual([
      'ops/action.yml:8',
    ]);
  });
});
