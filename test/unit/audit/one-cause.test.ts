import { describe, expect, it } from 'vitest';

import { runAudit } from '../../../src/audit/run-audit.ts';
import type { FoundFault } from '../../../src/audit/judge-audit.ts';
import { DEFAULT_AUDIT_CONFIG } from '../../../src/config/audit-config.ts';

const RULE = 'image/mutable-tag-in-deploy';

const audit = (
  workflows: Readonly<Record<string, string>>,
  checkout: Readonly<Record<string, string>> = {},
): readonly FoundFault[] => {
  const files = Object.entries(workflows).map(([name, text]) => ({ path: `.github/workflows/${name}`, text }));
  const texts = new Map([...files.map(({ path, text }) => [path, text] as const), ...Object.entries(checkout)]);
  const { findings } = runAudit({
    files,
    readFile: (path) => texts.get(path),
    project: { isDjango: null, hasTenants: null },
    config: DEFAULT_AUDIT_CONFIG,
    rules: new Set([RULE, 'secret/on-argv', 'suppression/unused']),
  });
  return findings;
};

/** `file:line`, and the lines of its evidence. */
const placesOf = (findings: readonly FoundFault[]): readonly string[] =>
  findings.map(({ span, evidence = [], suppressed }) => {
    const lines = evidence.map((one) => `${one.span?.file.split('/').at(-1) ?? ''}:${one.span?.line ?? 0}`);
    const silenced = suppressed === null ? '' : ' silenced';
    return `${span.file.split('/').at(-1) ?? ''}:${span.line}${silenced} <- ${lines.join(' ')}`;
  });

const deploy = (tag: string, ...commands: readonly string[]): string =>
  [
    'on:',
    '  workflow_dispatch:',
    '    inputs:',
    '      tag:',
    `        default: ${tag}`,
    'jobs:',
    '  deploy:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - run: |',
    ...commands.map((line) => `          ${line}`),
  ].join('\n');

const PULL = (app: string, tag = '${{ inputs.tag }}'): string => `ssh host docker pull ghcr.io/acme/${app}:${tag}`;

describe('one cause is one finding', () => {
  it('at the default of the input that several commands use, with all of them as evidence', () => {
    const found = audit({ 'a.yml': deploy('latest', PULL('web'), PULL('api'), PULL('worker')) });
    expect(placesOf(found)).toEqual(['a.yml:5 <- a.yml:11 a.yml:12 a.yml:13']);
    expect(found[0]?.message).toContain('This value is used in 2 other places, too.');
  });

  it('at the command where only one uses it', () => {
    expect(placesOf(audit({ 'a.yml': deploy('latest', PULL('web')) }))).toEqual(['a.yml:11 <- a.yml:5']);
  });

  it('at the variable of a script that all commands use', () => {
    const text = deploy('v1', 'TAG=prod-latest', PULL('web', '$TAG'), PULL('api', '$TAG'));
    expect(placesOf(audit({ 'a.yml': text }))).toEqual(['a.yml:11 <- a.yml:12 a.yml:13']);
  });

  it('and two causes are two findings', () => {
    const text = deploy(
      'latest',
      PULL('web'),
      PULL('api'),
      'T=dev',
      PULL('web', '$T'),
      PULL('api', '$T'),
      PULL('x', 'latest'),
    );
    expect(placesOf(audit({ 'a.yml': text }))).toEqual([
      'a.yml:5 <- a.yml:11 a.yml:12',
      'a.yml:13 <- a.yml:14 a.yml:15',
      'a.yml:16 <- ',
    ]);
  });

  it('at what a caller gives the workflow that deploys', () => {
    const called = deploy('v1', PULL('web'), PULL('api')).replace('workflow_dispatch', 'workflow_call');
    const caller = (tag: string): string =>
      `on: push\njobs:\n  ship:\n    uses: ./.github/workflows/deploy.yml\n    with:\n      tag: ${tag}\n`;
    expect(placesOf(audit({ 'deploy.yml': called, 'prod.yml': caller('staging'), 'x.yml': caller('v2') }))).toEqual([
      'prod.yml:6 <- deploy.yml:11 deploy.yml:12',
    ]);
  });

  it('at what the outermost caller gives, through what hands it on and what a script makes of it', () => {
    const script = ['T=$(echo ${{ inputs.tag }} | tr A-Z a-z)', PULL('web', '$T'), PULL('api', '$T')];
    const called = deploy('v1', ...script).replace('workflow_dispatch', 'workflow_call');
    const between = [
      'on:',
      '  workflow_call:',
      '    inputs:',
      '      tag: { type: string }',
      'jobs:',
      '  ship:',
      '    uses: ./.github/workflows/deploy.yml',
      '    with:',
      '      tag: ${{ inputs.tag }}',
    ].join('\n');
    const outer = 'on: push\njobs:\n  prod:\n    uses: ./.github/workflows/ship.yml\n    with:\n      tag: staging\n';
    const found = audit({ 'deploy.yml': called, 'ship.yml': between, 'prod.yml': outer });
    expect(found.map(({ span }) => `${span.file.split('/').at(-1) ?? ''}:${span.line}`)).toEqual(['prod.yml:6']);
  });

  it('at the first command where the value is in a file of the checkout', () => {
    const compose = { 'docker-compose.yml': 'services:\n  web:\n    image: ghcr.io/acme/web:latest\n' };
    const steps = ['ssh host docker compose pull', 'ssh other docker compose up -d'];
    const two = deploy('v1', ...steps).replace(/ +ssh other/, '      - run: |\n          ssh other');
    expect(placesOf(audit({ 'a.yml': two }, compose))).toEqual(['a.yml:11 <- docker-compose.yml:3 a.yml:13']);
  });

  it('without the places that a comment silences', () => {
    const ignore = `# devsetup: ignore[${RULE}] a tool of ours`;
    const text = deploy('latest', PULL('web'), PULL('api'), ignore, PULL('tool'));
    expect(placesOf(audit({ 'a.yml': text }))).toEqual([
      'a.yml:5 <- a.yml:11 a.yml:12',
      'a.yml:14 silenced <- a.yml:5',
    ]);
  });

  it('which a comment at the cause silences as a whole', () => {
    const text = deploy(`latest # devsetup: ignore[${RULE}] previews only`, PULL('web'), PULL('api'));
    expect(placesOf(audit({ 'a.yml': text }))).toEqual(['a.yml:5 silenced <- a.yml:11 a.yml:12']);
  });
});

describe('one secret is one finding', () => {
  const LOGIN = 'docker login -u acme -p ${{ secrets.TOKEN }} registry.example';
  const ignored = `${LOGIN} # devsetup: ignore[secret/on-argv] the runner is ours alone`;
  const at = (...lines: readonly string[]): readonly string[] => placesOf(audit({ 'a.yml': deploy('v1', ...lines) }));

  it('at its first place, the others are its evidence', () => {
    expect(at(LOGIN, LOGIN, LOGIN)).toEqual(['a.yml:11 <- a.yml:12 a.yml:13']);
  });

  it('without a later place that a comment silences, and the comment is used', () => {
    expect(at(LOGIN, ignored, LOGIN)).toEqual(['a.yml:11 <- a.yml:13', 'a.yml:12 silenced <- ']);
  });

  it('which a comment at its first place silences as a whole, and one at a later place is used all the same', () => {
    expect(at(ignored, LOGIN)).toEqual(['a.yml:11 silenced <- a.yml:12']);
    expect(at(ignored, LOGIN, ignored)).toEqual(['a.yml:11 silenced <- a.yml:12', 'a.yml:13 silenced <- ']);
  });

  it('and a comment at a line where the secret is not stays unused', () => {
    expect(at(LOGIN, 'make # devsetup: ignore[secret/on-argv] x', LOGIN)).toEqual([
      'a.yml:11 <- a.yml:13',
      'a.yml:12 <- ',
    ]);
  });
});
