import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';
import { deployRun, deployWith, FIRST, FIRST_WITH } from '../../../support/secret-jobs.ts';

const RULE = 'secret/build-arg';
const GIVEN =
  '        env:\n          TOKEN: ${{ secrets.TOKEN }}\n          NEXT_PUBLIC_TOKEN: ${{ secrets.TOKEN }}\n';
const inRun = (run: string): readonly string[] => linesFound({ 'a.yml': deployRun(run) + GIVEN }, RULE);

describe('a secret as a build argument', () => {
  it.each([
    ['an expression', 'docker build --build-arg NPM_TOKEN=${{ secrets.NPM_TOKEN }} .'],
    ['a variable', 'docker buildx build --build-arg "NPM_TOKEN=$TOKEN" --push .'],
    ['with =', 'docker build --build-arg=NPM_TOKEN=$TOKEN .'],
    ['from the environment', 'docker build --build-arg TOKEN .'],
    ['compose', 'docker compose build --build-arg NPM_TOKEN=$TOKEN web'],
  ])('%s', (_, script) => {
    expect(inRun(script)).toEqual([`a.yml:${FIRST}`]);
  });

  it('in a variable of options, at the command', () => {
    const flags = 'F="--build-arg NPM_TOKEN=$TOKEN $(./more)"\ndocker build $F .';
    expect(inRun(flags)).toEqual([`a.yml:${FIRST + 1}`]);
    expect(linesFound({ 'a.yml': deployRun(flags) + GIVEN }, 'secret/on-argv')).toEqual([]);
  });

  it('in a variable of options that a condition adds to', () => {
    const flags = (option: string): string =>
      `F=""\nif [ -n "$TOKEN" ]; then\n  F="$F ${option}"\nfi\ndocker build -t shop $F .`;
    expect(inRun(flags('--build-arg NPM_TOKEN=$TOKEN'))).toEqual([`a.yml:${FIRST + 4}`]);
    expect(inRun(flags('--secret id=npm,env=TOKEN'))).toEqual([]);
    expect(inRun(flags('--build-arg HAS_TOKEN=yes'))).toEqual([]);
  });

  it('in inputs of an action, each secret once, at its line', () => {
    const args = (lines: string): readonly string[] =>
      linesFound({ 'a.yml': deployWith('with', `context: .\nbuild-args: |\n${lines}`) }, RULE);
    const one = '  MODE=fast\n  NPM_TOKEN=${{ secrets.NPM_TOKEN }}\n  OTHER=${{ secrets.OTHER_TOKEN }}';
    expect(args(one)).toEqual([`a.yml:${FIRST_WITH + 3}`, `a.yml:${FIRST_WITH + 4}`]);
    expect(args(`${one}\n  AGAIN=\${{ secrets.NPM_TOKEN }}`)).toEqual(args(one));
    expect(
      args('  TOKEN=${{ secrets.DEPLOY }}\n  HOST=${{ secrets.MAP_KEY }}\n  FLAVOR=${{ secrets.DEPLOY }}'),
    ).toEqual([`a.yml:${FIRST_WITH + 2}`]);
    expect(args('  MODE=fast\n  SHA=${{ github.sha }}')).toEqual([]);
    expect(args('  NEXT_PUBLIC_KEY=${{ secrets.MAP_KEY }}\n  API_URL=${{ secrets.API_URL }}')).toEqual([]);
  });

  it.each([
    ['a build secret', 'docker build --secret id=npm,env=TOKEN .'],
    ['a version', 'docker build --build-arg SHA=$GITHUB_SHA .'],
    ['what browsers see anyway', 'docker build --build-arg VITE_KEY=${{ secrets.MAP_KEY }} .'],
    ['a key of a page for browsers', 'docker build --build-arg KEY=${{ secrets.REACT_APP_MAP_KEY }} .'],
    ['a public variable', 'docker build --build-arg NEXT_PUBLIC_TOKEN .'],
    ['an address', 'docker build --build-arg API_URL=${{ secrets.API_URL }} .'],
    ['a variable of a container', 'docker run -e TOKEN=$TOKEN shop/web:1.2.3'],
  ])('not %s', (_, script) => {
    expect(inRun(script)).toEqual([]);
  });
});
