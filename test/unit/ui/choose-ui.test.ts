import { describe, expect, test } from 'vitest';
import { chooseColor, chooseUi } from '../../../src/ui/choose-ui.ts';

const person = { flag: undefined, json: false, isTTY: true, env: { TERM: 'xterm-256color' }, columns: 80 };
const withEnv = (env: Record<string, string>) => ({ ...person, env: { ...person.env, ...env } });

describe('the way progress is shown', () => {
  test.each([
    ['a person at a terminal', person, 'live'],
    ['a pipe', { ...person, isTTY: false }, 'plain'],
    ['no TERM', { ...person, env: {} }, 'plain'],
    ['an empty TERM', withEnv({ TERM: '' }), 'plain'],
    ['a dumb terminal', withEnv({ TERM: 'dumb' }), 'plain'],
    ['a pseudo-terminal without a size', { ...person, columns: 0 }, 'plain'],
    ['a terminal of 40 columns', { ...person, columns: 40 }, 'live'],
    ['a terminal too narrow for a title', { ...person, columns: 12 }, 'plain'],
    ['CI with a pseudo-terminal', withEnv({ CI: 'true' }), 'plain'],
    ['CI switched off', withEnv({ CI: 'false' }), 'live'],
    ['a lifecycle hook of a Codespace with a pseudo-terminal', withEnv({ CODESPACES: 'true' }), 'plain'],
    ['a lifecycle hook of a dev container', withEnv({ REMOTE_CONTAINERS: 'true', DEVCONTAINER: 'true' }), 'plain'],
    ['a terminal of the editor in a Codespace', withEnv({ CODESPACES: 'true', TERM_PROGRAM: 'vscode' }), 'live'],
    ['SSH into a dev container', withEnv({ DEVCONTAINER: 'true', SSH_TTY: '/dev/pts/0' }), 'live'],
    ['--verbose, which wants every line', { ...person, verbose: true }, 'plain'],
    ['--json for a program', { ...person, json: true, isTTY: false }, 'silent'],
    ['--json while a person looks on', { ...person, json: true }, 'live'],
    ['--ui live in a pipe', { ...person, flag: 'live' as const, isTTY: false, env: { CI: '1' } }, 'live'],
    ['--ui plain at a terminal', { ...person, flag: 'plain' as const }, 'plain'],
    ['--ui silent', { ...person, flag: 'silent' as const }, 'silent'],
  ])('for %s', (_, facts, expected) => {
    expect(chooseUi(facts)).toBe(expected);
  });
});

describe('colour', () => {
  test.each([
    ['a terminal', true, { TERM: 'xterm' }, true],
    ['a pipe', false, { TERM: 'xterm' }, false],
    ['no TERM', true, {}, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['NO_COLOR', true, { TERM: 'xterm', NO_COLOR: '1' }, false],
    ['an empty NO_COLOR, which counts as unset', true, { TERM: 'xterm', NO_COLOR: '' }, true],
    ['FORCE_COLOR in a pipe', false, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', true, { TERM: 'xterm', FORCE_COLOR: '0' }, false],
    ['both: NO_COLOR wins', true, { TERM: 'xterm', NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('with %s', (_, isTTY, env, expected) => {
    expect(chooseColor({ isTTY, env })).toBe(expected);
  });
});
