import { describe, expect, it } from 'vitest';

import { createHoles } from '../../../src/shell/holes.ts';
import { read, shown, wordsOf } from './support/read.ts';

/** What `p` is given, each time it is called, where `$IN` may be `latest` or something unknown. */
const given = (script: string): readonly string[] => {
  const holes = createHoles();
  const unknown = holes.of({ kind: 'unknown', name: 'inputs.tag' });
  const IN = holes.of({ kind: 'choice', name: 'inputs.tag', options: ['latest', unknown] });
  const reading = read(script.replaceAll('@IN', IN), { holes, variables: { IN }, errexit: false });
  return reading.run.calls
    .filter(({ words }) => words[0]?.value === 'p')
    .map((call) => wordsOf(call, reading).replace(/^p ?/, ''))
    .map((text) => shown(text, holes));
};

const LATEST_OR = '<latest|${inputs.tag}>';
const OTHER = '${inputs.tag}';

describe('a condition says what a variable is', () => {
  it.each([
    ['if [ "$IN" = latest ]; then p "$IN"; else p "$IN"; fi; p "$IN"', ['latest', OTHER, LATEST_OR]],
    ['if [ "$IN" != latest ]; then p "$IN"; else p "$IN"; fi', [OTHER, 'latest']],
    ['if [[ "$IN" == "latest" ]]; then p "$IN"; else p "$IN"; fi', ['latest', OTHER]],
    ['if [[ $IN != latest ]]; then p "$IN"; fi; p "$IN"', [OTHER, LATEST_OR]],
    ['if test "$IN" = latest; then p "$IN"; else p "$IN"; fi', ['latest', OTHER]],
    ['if ! [ "$IN" = latest ]; then p "$IN"; else p "$IN"; fi', [OTHER, 'latest']],
    ['if [[ ! "$IN" == latest ]]; then p "$IN"; else p "$IN"; fi', [OTHER, 'latest']],
    ['if [ "$IN" = latest ]; then T=sha; else T=$IN; fi; p $T', [`<sha|${OTHER}>`]],
    ['T=$IN; if [ "$IN" = latest ]; then T=sha; fi; p $T', [`<sha|${OTHER}>`]],
    ['T="app:$IN"; if [ "$IN" = latest ]; then p $T; else p $T; fi', ['app:latest', `app:${OTHER}`]],
    ['if [ "$IN" = latest ]; then exit 1; fi; p $IN', [OTHER]],
    ['[ "$IN" = latest ] && exit 1; p $IN', [OTHER]],
    ['[ "$IN" != latest ] || exit 1; p $IN', [OTHER]],
    ['[ "$IN" = latest ] || exit 1; p $IN', ['latest']],
    ['[ "$IN" = latest ] && p $IN; p $IN', ['latest', LATEST_OR]],
    ['[ "$IN" = latest ] && IN=sha; p $IN', [`<sha|${OTHER}>`]],
    ['[ "$IN" = latest ] && [ "$A" = b ] && exit 1; p $IN', [LATEST_OR]],
    ['if [ "$IN" = latest ] && [ "$A" = b ]; then p $IN $A; else p $IN $A; fi', ['latest b', `${LATEST_OR} $A`]],
    ['if [ "$IN" = latest -o "$IN" = dev ]; then p $IN; else p $IN; fi', [LATEST_OR, OTHER]],
    ['if [ "$A" = x ]; then p $A; elif [ "$A" = y ]; then p $A; else p $A; fi; p $A', ['x', 'y', '$A', '$A']],
    ['if [ "$IN" = dev ]; then p; elif [ "$IN" = latest ]; then p $IN; else p $IN; fi', ['', 'latest', OTHER]],
    ['if [ -z "$A" ]; then A=b; fi; p $A', ['<b|$A>']],
    ['if [ -z "${A:-}" ]; then p "x$A"; else p "x$A"; fi', ['x', 'x$A']],
    ['if [ -n "$A" ]; then p "x$A"; else p "x$A"; fi', ['x$A', 'x']],
    ['A=${B:+$IN}; if [ -n "$A" ]; then p "x$A"; fi', [`x${LATEST_OR}`]],
  ])('%s', (script, expected) => {
    expect(given(script)).toEqual(expected);
  });

  it.each([
    ['case "$IN" in latest) p $IN ;; *) p $IN ;; esac; p $IN', ['latest', OTHER, LATEST_OR]],
    ['case $IN in latest|dev) p $IN ;; v*) p $IN ;; *) p $IN ;; esac', ['<latest|dev>', OTHER, OTHER]],
    ['case $IN in "" | latest) T=sha ;; *) T=$IN ;; esac; p $T', [`<sha|${OTHER}>`]],
    ['case $IN in latest) exit 1 ;; esac; p $IN', [OTHER]],
  ])('as does a pattern: %s', (script, expected) => {
    expect(given(script)).toEqual(expected);
  });

  it.each([
    ['if [ "@IN" = latest ]; then p "@IN"; else p "@IN"; fi; p "@IN"', ['latest', OTHER, LATEST_OR]],
    ['if [ "@IN" = latest ]; then T=sha; else T=@IN; fi; p $T', [`<sha|${OTHER}>`]],
    ['if [ "@IN" = latest ]; then exit 1; fi; p "app:@IN"', [`app:${OTHER}`]],
    ['if [ "@IN" != latest ]; then ssh host \'p app:@IN\'; fi', [`app:${OTHER}`]],
    ['if [ "@IN" != latest ]; then cat <<EOF | ssh host bash\np @IN\nEOF\nfi', [OTHER]],
  ])('as it does of an expression: %s', (script, expected) => {
    expect(given(script)).toEqual(expected);
  });

  it.each([
    ['a comparison with a pattern', 'if [[ $IN == lat* ]]; then p $IN; else p $IN; fi', [LATEST_OR, LATEST_OR]],
    ['a comparison with another unknown', 'if [ "$IN" = "$B" ]; then p $IN; else p $IN; fi', [LATEST_OR, LATEST_OR]],
    ['a command', 'if check "$IN"; then p $IN; fi', [LATEST_OR]],
    ['one of two tests', 'if [ "$IN" = latest ] || [ -n "$A" ]; then p $IN; fi', [LATEST_OR]],
  ])('but nothing of it by %s', (_, script, expected) => {
    expect(given(script)).toEqual(expected);
  });
});
