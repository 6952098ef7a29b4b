import { describe, expect, it } from 'vitest';

import { read, shown, wordsOf, type ReadOptions } from './support/read.ts';

/** What the last command of a script is given, after its program. */
const given = (script: string, options?: ReadOptions): string => {
  const reading = read(script, options);
  const call = reading.run.calls.at(-1);
  return call === undefined ? '' : wordsOf(call, reading).replace(/^\S+ ?/, '');
};

const check = (rows: readonly (readonly [script: string, expected: string])[], options?: ReadOptions): void => {
  it.each(rows)('%s', (script, expected) => {
    expect(given(script, options)).toBe(expected);
  });
};

describe('quotes', () => {
  check([
    ['p a b', 'a b'],
    ['p "a b"', 'a b'],
    ["p 'a $X'", 'a $X'],
    ['p a\\ b', 'a b'],
    ['p "a\\"b"', 'a"b'],
    ['p "a\\nb"', 'a\\nb'],
    ["p $'a\\tb'", 'a\tb'],
    ["p 'it'\\''s'", "it's"],
    ['p ""', ''],
    ['p a""b', 'ab'],
    ['p a\\\n  b', 'a b'],
    ['p "a\\\nb"', 'ab'],
    ['p --x="y z"', '--x=y z'],
    ['p {a,b}', '<a|b>'],
    ['p *.py', '*.py'],
    ['p ~/x', '~/x'],
  ]);
});

describe('variables', () => {
  check([
    ['X=1\np $X', '1'],
    ['X=1; p "${X}2"', '12'],
    ['p $X', '$X'],
    ['p "${X}"', '$X'],
    ['X="a b"; p $X c', 'a b c'],
    ['X=""; p $X a', 'a'],
    ['X=""; p "$X" a', ' a'],
    ['X=a; X+=b; p $X', 'ab'],
    ['X=a Y=$X; p $Y', 'a'],
    ['export X=a; p $X', 'a'],
    ['readonly X=a; p $X', 'a'],
    ['declare -x X=a; p $X', 'a'],
    ['X=a; unset X; p $X', '$X'],
    ['X=a p $X', '$X'],
    ['X=(a b c); p "${X[@]}"', 'a b c'],
    ['X=(a b c); p ${X[1]}', 'b'],
    ['X=(a); X+=(b); p "${X[@]}"', 'a b'],
    ['X=(a b); p $X', 'a'],
    ['N=X; X=1; p ${!N}', '1'],
    ['IMG=reg/app; TAG=v1; p "$IMG:$TAG"', 'reg/app:v1'],
    ['C="docker compose"; $C ps', 'compose ps'],
  ]);
  it('what is in the environment from outside', () => {
    expect(given('p $A', { variables: { A: 'x y' } })).toBe('x y');
  });
});

describe('expansions with an operator', () => {
  check([
    ['p ${X:-a}', '<$X|a>'],
    ['X=b; p ${X:-a}', 'b'],
    ['X=; p ${X:-a}', 'a'],
    ['X=; p ${X-a}x', 'x'],
    ['p ${X:=a} $X', '<$X|a> <$X|a>'],
    ['X=; p ${X:=a} $X', 'a a'],
    ['X=a; p ${X:+b}', 'b'],
    ['X=; p x${X:+b}', 'x'],
    ['p x${X:+b}', 'x<b|>'],
    ['p ${X:?no}', '$X'],
    ['X=abcdef; p ${X::3}', 'abc'],
    ['X=abcdef; p ${X:2}', 'cdef'],
    ['X=abcdef; p ${X:1:2}', 'bc'],
    ['X=abcdef; p ${X: -2}', 'ef'],
    ['X=refs/tags/v1; p ${X#refs/tags/}', 'v1'],
    ['X=refs/tags/v1; p ${X##*/}', 'v1'],
    ['X=a.b.c; p ${X%.*}', 'a.b'],
    ['X=a.b.c; p ${X%%.*}', 'a'],
    ['X=a/b/c; p ${X////-}', 'a-b-c'],
    ['X=a/b/c; p ${X/\\//-}', 'a-b/c'],
    ['X=Abc; p ${X,,}', 'abc'],
    ['X=abc; p ${X^^}', 'ABC'],
    ['X=abc; p ${X^}', 'Abc'],
    ['p ${#X}', '${#X}'],
    ['p $((1 + 2))', '$((1 + 2))'],
    ['if q; then X=a; else X=bb; fi; p ${X::1}', '<a|b>'],
    ['if q; then X=a; else X=; fi; p ${X:-d}', '<a|d>'],
    ['p ${GITHUB_REF#refs/heads/}', '{branch ${GITHUB_REF#refs/heads/}}'],
  ]);
});

describe('what GitHub sets', () => {
  check([
    ['p $GITHUB_SHA', '{commit github.sha}'],
    ['p ${GITHUB_SHA::7}', '{commit github.sha:7}'],
    ['p ${GITHUB_SHA:0:12}', '{commit github.sha:12}'],
    ['X=sha-$GITHUB_SHA; p ${X:0:11}', 'sha-{commit github.sha:7}'],
    ['p $GITHUB_REF_NAME', '{branch github.ref_name}'],
    ['p $GITHUB_RUN_NUMBER', '{run github.run_number}'],
    ['p $GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT', '{run github.run_id}-{run github.run_attempt}'],
    ['GITHUB_SHA=x; p $GITHUB_SHA', 'x'],
    ["ssh h 'p $GITHUB_SHA'", '$GITHUB_SHA'],
    ['ssh h "p $GITHUB_SHA"', '{commit github.sha}'],
  ]);
});

describe('what a command says', () => {
  check(
    [
      ['p $(echo a b)', 'a b'],
      ['p "$(echo a b)"', 'a b'],
      ['p `echo a`', 'a'],
      ['p "`echo \\"a\\"`"', 'a'],
      ['X=$(echo v1); p app:$X', 'app:v1'],
      ['p $(printf "%s-%s" a b)', 'a-b'],
      ['p $(printf v1)', 'v1'],
      ['p $(git rev-parse HEAD)', '{commit github.sha}'],
      ['p $(git rev-parse --short HEAD)', '{commit github.sha:7}'],
      ['p $(git rev-parse --short=8 HEAD)', '{commit github.sha:8}'],
      ['p $(git rev-parse --short $GITHUB_SHA)', '{commit github.sha:7}'],
      ['p $(git -C . rev-parse HEAD | cut -c1-7)', '{commit github.sha:7}'],
      ['p $(git log -1 --format=%h)', '{commit github.sha:7}'],
      ['p $(git log -1 --pretty=format:%H)', '{commit github.sha}'],
      ['p $(git describe --tags --abbrev=0)', '{git-tag $(git describe --tags --abbrev=0)}'],
      ['p $(git branch --show-current)', '{branch $(git branch --show-current)}'],
      ['p $(git rev-parse --abbrev-ref HEAD)', '{branch $(git rev-parse --abbrev-ref HEAD)}'],
      ['p $(date +%s)', '{run $(date +%s)}'],
      ['p $(echo $GITHUB_SHA | cut -c1-8)', '{commit github.sha:8}'],
      ['p $(echo "$GITHUB_SHA" | head -c 7)', '{commit github.sha:7}'],
      ['p $(echo ${GITHUB_SHA} | cut -c -7)', '{commit github.sha:7}'],
      ['p $(cut -c1-7 <<< $GITHUB_SHA)', '{commit github.sha:7}'],
      ['p $(echo refs/tags/v2 | cut -d/ -f3)', 'v2'],
      ["p $(echo refs/tags/v2 | cut -d '/' -f 3)", 'v2'],
      ['p $(echo Ab/C | tr A-Z a-z)', 'ab/c'],
      ["p $(echo Ab | tr '[A-Z]' '[a-z]')", 'ab'],
      ["p $(echo Ab/C | tr '[:upper:]' '[:lower:]' | tr / -)", 'ab-c'],
      ["p $(echo v1.2 | sed 's/v//')", '1.2'],
      ["p $(echo $GITHUB_REF_NAME | sed 's/x//')", '{branch github.ref_name}'],
      ['p $(echo $GITHUB_REF_NAME | tr / -)', '{branch $(… | tr / -)}'],
      ["p $(echo a b | awk '{print $2}')", 'b'],
      ['p $(basename a/b.sh .sh)', 'b'],
      ['p $(basename $GITHUB_REF)', '{branch $(basename …)}'],
      ['p $(dirname a/b)', 'a'],
      ['p $(unknown)', '$(unknown)'],
      ['p $(git describe --tags || echo latest)', '<{git-tag $(git describe --tags)}|latest>'],
      ['p $(unknown || echo latest)', '<$(…)|latest>'],
      ['p $([ -n "$A" ] && echo a || echo b)', '<a|b>'],
      ['p $(if q; then echo a; else echo b; fi)', '<a|b>'],
      ['f() { echo x$1; }; p $(f 1)', 'x1'],
      ['p $(cat VERSION)', '1.4.2'],
      ['p $(cat missing)', '$(cat missing)'],
      ['echo v9 > f; p $(cat f)', 'v9'],
      ['echo v9 | tee f; p $(cat f)', 'v9'],
      ['p $(echo v9 | tee f)', 'v9'],
      ['p $(cd x && echo y)', 'y'],
      ['p $(echo a; echo b)', 'a b'],
      ['p $(pwd)/x', './x'],
    ],
    { files: { VERSION: '1.4.2\n' } },
  );
});

describe('values that differ', () => {
  check([
    ['if q; then T=a; else T=b; fi; p $T', '<a|b>'],
    ['if q; then T=a; elif r; then T=b; else T=c; fi; p $T', '<a|b|c>'],
    ['T=a; if q; then T=b; fi; p $T', '<b|a>'],
    ['if q; then T=b; fi; p $T', '<b|$T>'],
    ['if q; then T=b; exit 1; fi; p $T', '$T'],
    ['if q; then T=b; else exit 1; fi; p $T', 'b'],
    ['if [ -z "$T" ]; then T=latest; fi; p $T', '<latest|$T>'],
    ['[ -z "$T" ] && T=latest; p $T', '<latest|$T>'],
    ['[ -n "$T" ] || T=latest; p $T', '<latest|$T>'],
    ['case $X in a) T=1;; *) T=2;; esac; p $T', '<1|2>'],
    ['case $X in a) T=1;; esac; p $T', '<1|$T>'],
    ['case $X in a) T=1;; *) exit 1;; esac; p $T', '1'],
    ['for i in a b; do p $i; done', '<a|b>'],
    ['for i in a; do p $i; done', 'a'],
    ['L="a b"; for i in $L; do p $i; done', '<a|b>'],
    ['L=(a b); for i in "${L[@]}"; do p $i; done', '<a|b>'],
    ['for i in $(unknown); do p $i; done', '$(unknown)'],
    ['while read x; do p $x; done', '$x'],
    ['read -r A B <<< "1 2"; p $B', '2'],
    ['T=a; (T=b); p $T', 'a'],
    ['T=a; { T=b; }; p $T', 'b'],
    ['f() { T=b; }; T=a; f; p $T', 'b'],
    ['f() { p "$@"; }; f 1 2', '1 2'],
    ['f() { p $2; }; f 1 2', '2'],
    ['f() { shift; p "$@"; }; f 1 2 3', '2 3'],
    ['f() { p ${1:-latest}; }; f', 'latest'],
    ['f() { local x=$1; p $x; }; f 1', '1'],
    ['set -- a b; p $2', 'b'],
  ]);
});

describe('conditions whose values are known', () => {
  check([
    ['E=prod; if [ "$E" = prod ]; then T=a; else T=b; fi; p $T', 'a'],
    ['E=prod; if [[ $E == "dev" ]]; then T=a; else T=b; fi; p $T', 'b'],
    ['E=prod; if [ "$E" != prod ]; then T=a; fi; p $T', '$T'],
    ['E=prod; [ "$E" = prod ] && T=a || T=b; p $T', 'a'],
    ['E=prod; [ "$E" = dev ] && T=a || T=b; p $T', 'b'],
    ['E=; [ -z "$E" ] && E=d; p $E', 'd'],
    ['E=dev; case "$E" in prod) T=a;; dev) T=b;; *) T=c;; esac; p $T', 'b'],
    ['E=dev; case "$E" in prod|dev) T=a;; *) T=c;; esac; p $T', 'a'],
    ['E=x; case "$E" in prod|dev) T=a;; *) T=c;; esac; p $T', 'c'],
    ['E=x; case "$E" in y*) T=a;; *) T=c;; esac; p $T', '<a|c>'],
    ['if [ "$E" = x ] || [ a = a ]; then T=1; else T=2; fi; p $T', '1'],
    ['if [[ -n "$GITHUB_SHA" && a != b ]]; then T=1; else T=2; fi; p $T', '1'],
    ['if ! [ a = b ]; then T=1; else T=2; fi; p $T', '1'],
    ['if false; then T=1; else T=2; fi; p $T', '2'],
    ['if q; then E=a; else E=b; fi; if [ $E = a ]; then T=1; else T=2; fi; p $T', '<1|2>'],
    ['D=no; for i in 1 2; do if [ $D = yes ]; then T=1; fi; D=yes; done; p x$T', 'x<1|$T>'],
  ]);
});

describe('what a word was made of', () => {
  it('names the variables and where they were set', () => {
    const reading = read('A=v1\nB=app:$A\np "$B"');
    const [word] = reading.run.calls.at(-1)?.words.slice(1) ?? [];
    expect(word?.origins.map(({ name, span }) => `${name} ${span === null ? '' : reading.at(span)}`)).toEqual([
      '$B B=app:$A',
      '$A A=v1',
    ]);
  });
});

describe('what is written for later steps', () => {
  const outputs = (script: string, kind: 'environment' | 'outputs' = 'outputs'): readonly string[] => {
    const reading = read(script, { files: { VERSION: '2.0' } });
    return [...reading.run[kind]].map(([name, { value }]) => `${name}=${shown(value, reading.holes)}`);
  };

  it.each([
    ['echo "tag=v1" >> $GITHUB_OUTPUT', ['tag=v1']],
    ['echo "tag=v1" >> "$GITHUB_OUTPUT"', ['tag=v1']],
    ['echo "tag=v1" | tee -a "$GITHUB_OUTPUT"', ['tag=v1']],
    ['printf "a=%s\\nb=%s\\n" 1 2 >> $GITHUB_OUTPUT', ['a=1', 'b=2']],
    ['{ echo a=1; echo b=2; } >> $GITHUB_OUTPUT', ['a=1', 'b=2']],
    ['(echo a=1; echo b=2) >> $GITHUB_OUTPUT', ['a=1', 'b=2']],
    ['cat >> $GITHUB_OUTPUT <<EOF\na=1\nb=$GITHUB_SHA\nEOF', ['a=1', 'b={commit github.sha}']],
    ['cat <<EOF >> $GITHUB_OUTPUT\na=1\nEOF', ['a=1']],
    ['echo "tags<<EOF" >> $GITHUB_OUTPUT\necho "x" >> $GITHUB_OUTPUT', []],
    ['for l in "t<<E" x E n=1; do echo $l; done >> $GITHUB_OUTPUT', []],
    ['echo "t<<E" >> $GITHUB_OUTPUT\necho "x" >> $GITHUB_OUTPUT\necho E >> $GITHUB_OUTPUT', ['t=x']],
    ['D=$(unknown); { echo "t<<$D"; q; echo "$D"; } >> $GITHUB_OUTPUT', []],
    ['D=$(unknown); echo "t<<$D" >> $GITHUB_OUTPUT; q >> $GITHUB_OUTPUT; echo "$D" >> $GITHUB_OUTPUT', ['t=$(…)']],
    ['{ echo "tags<<END"; echo x; echo y; echo END; echo n=1; } >> $GITHUB_OUTPUT', ['tags=x\ny', 'n=1']],
    ['echo "tag=${GITHUB_SHA::7}" >> $GITHUB_OUTPUT', ['tag={commit github.sha:7}']],
    ['echo "tag=$(cat VERSION)" >> $GITHUB_OUTPUT', ['tag=2.0']],
    ['T=$(git rev-parse --short HEAD)\necho "tag=$T" >> $GITHUB_OUTPUT', ['tag={commit github.sha:7}']],
    ['if q; then echo t=a >> $GITHUB_OUTPUT; else echo t=b >> $GITHUB_OUTPUT; fi', ['t=<a|b>']],
    ['if q; then T=a; else T=b; fi; echo t=$T >> $GITHUB_OUTPUT', ['t=<a|b>']],
    ['echo t=a >> $GITHUB_OUTPUT; echo t=b >> $GITHUB_OUTPUT', ['t=b']],
    ['echo "::set-output name=tag::v1"', ['tag=v1']],
    ['f() { echo "$1=$2" >> $GITHUB_OUTPUT; }; f a 1; f b 2', ['a=1', 'b=2']],
    ['bash -c "echo a=1 >> $GITHUB_OUTPUT"', ['a=1']],
    ['q && echo a=1 >> $GITHUB_OUTPUT || echo a=2 >> $GITHUB_OUTPUT', ['a=<1|2>']],
    ['echo a=1 >> file', []],
    ['ssh h "echo a=1 >> \\$GITHUB_OUTPUT"', []],
  ] as const)('%s', (script, expected) => {
    expect(outputs(script)).toEqual(expected);
  });

  it('is the environment where it goes to $GITHUB_ENV', () => {
    expect(outputs('echo "TAG=v1" >> $GITHUB_ENV', 'environment')).toEqual(['TAG=v1']);
    expect(outputs('echo "TAG=v1" >> ${GITHUB_ENV}', 'environment')).toEqual(['TAG=v1']);
  });
});

describe('what comes after an exit', () => {
  it.each([
    ['a && exit 0\nb', 'a, exit, b'],
    ['a && echo same && exit 0\nb', 'a, echo, exit, b'],
    ['git diff --cached --quiet && exit 0\ngit push', 'git, exit, git'],
    ['[ -z "$X" ] && exit 0\nb', '[, exit, b'],
    ['a || exit 1\nb', 'a, exit, b'],
    ['exit 0\nb', 'exit'],
    ['echo done && exit 0\nb', 'echo, exit'],
    ['X=1 && echo done && exit 0\nb', 'echo, exit'],
  ])('is read unless the exit is certain: %j', (script, programs) => {
    expect(
      read(script)
        .run.calls.map(({ words: [program] }) => program?.value)
        .join(', '),
    ).toBe(programs);
  });
});
