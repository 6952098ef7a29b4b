import { describe, expect, it } from 'vitest';

import { judgeReference, judgeTag } from '../../../../src/audit/images/judge-tag.ts';
import { imageNameOf, parseReference } from '../../../../src/audit/images/parse-reference.ts';
import { createHoles, type HoleKind } from '../../../../src/shell/holes.ts';

const holes = createHoles();
/** `<commit>` is a hole of that kind, `<unknown inputs.tag>` one with a name, `<a,b>` a choice. */
const withHoles = (text: string): string =>
  text.replaceAll(/<([^<>]*)>/g, (_, inside: string) => {
    if (inside.includes(','))
      return holes.of({ kind: 'choice', name: 'matrix.x', options: inside.split(',').map(withHoles) });
    const [kind = '', name = kind] = inside.split(' ');
    return holes.of({ kind: kind as HoleKind, name });
  });

describe('a tag', () => {
  it.each([
    ['latest', 'mutable latest'],
    ['prod-latest', 'mutable latest'],
    ['latest-arm64', 'mutable latest'],
    ['1.2-latest', 'mutable latest'],
    ['<unknown env.STAGE>-latest', 'mutable latest'],
    ['stable', 'mutable moving'],
    ['main', 'mutable branch'],
    ['<branch>', 'mutable branch'],
    ['app-<branch>', 'mutable branch'],
    ['prod', 'mutable stage'],
    ['backend-staging', 'mutable stage'],
    ['<unknown inputs.environment>', 'mutable stage'],
    ['web', 'mutable fixed'],
    ['<commit>', 'immutable commit'],
    ['prod-<commit>', 'immutable commit'],
    ['<branch>-<commit>', 'immutable commit'],
    ['latest-<commit>', 'immutable commit'],
    ['<unknown inputs.sha>', 'immutable commit'],
    ['<unknown needs.build.outputs.short-sha>', 'immutable commit'],
    ['9f2c1ab', 'immutable commit'],
    ['<run github.run_number>', 'immutable run'],
    ['<git-tag>', 'immutable git-tag'],
    ['<unknown steps.b.outputs.digest>', 'immutable digest'],
    ['v1.2.3', 'immutable version'],
    ['3.4', 'immutable version'],
    ['16-alpine', 'immutable version'],
    ['release-2.1.0', 'immutable version'],
    ['20260102', 'immutable version'],
    ['<unknown inputs.tag>', 'unresolved'],
    ['<secret secrets.TAG>', 'unresolved'],
    ['<main,v1>', 'mutable branch'],
    ['<commit>-<a,b>', 'immutable commit'],
    ['<v1,<unknown inputs.x>>', 'unresolved'],
  ])('%s is %s', (tag, expected) => {
    const verdict = judgeTag(withHoles(withHoles(tag)), holes);
    expect(verdict.kind === 'unresolved' ? 'unresolved' : `${verdict.kind} ${verdict.by}`).toBe(expected);
  });
});

describe('a reference', () => {
  it.each([
    ['app', 'mutable'],
    ['localhost:5000/app', 'mutable'],
    ['ghcr.io/<unknown github.repository>', 'mutable'],
    ['<secret secrets.DOCKER_USERNAME>/app', 'mutable'],
    ['<unknown $IMAGE>', 'unresolved'],
    ['<secret secrets.IMAGE>', 'unresolved'],
    ['app@sha256:0011', 'immutable'],
    ['app:latest@<digest>', 'immutable'],
  ])('%s is %s', (reference, expected) => {
    expect(judgeReference(parseReference(withHoles(reference)), holes).kind).toBe(expected);
  });

  it.each([
    ['app', { registry: null, repository: 'app', tag: null, digest: null }],
    ['a/b:c', { registry: null, repository: 'a/b', tag: 'c', digest: null }],
    ['localhost:5000/b', { registry: 'localhost:5000', repository: 'b', tag: null, digest: null }],
    ['docker.io/a/b:1', { registry: null, repository: 'a/b', tag: '1', digest: null }],
    ['docker://quay.io/a/b@sha256:1', { registry: 'quay.io', repository: 'a/b', tag: null, digest: 'sha256:1' }],
  ])('%s is taken apart', (reference, expected) => {
    expect(parseReference(reference)).toEqual(expected);
  });

  it('has one name however it is written', () => {
    expect(imageNameOf(parseReference('docker.io/library/nginx:1'))).toBe('nginx');
    expect(imageNameOf(parseReference('ghcr.io/Team/App:1'))).toBe('ghcr.io/team/app');
  });
});
