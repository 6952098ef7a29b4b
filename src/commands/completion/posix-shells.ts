import { shellWord } from '../../core/shell-word.ts';
import type { CompletedCommand, CompletedOption } from './model.ts';

/** `npx --no-install devsetup` and a program by its path are devsetup, too; the words after `--` belong to another command. */
const FIND_COMMAND = `  case "\${program##*/}" in
    npx)
      while [[ $at -lt $current ]]; do
        word=\${words[$at]}
        at=$((at + 1))
        case "$word" in
          devsetup | django-devsetup) break ;;
          -*) ;;
          *) return 0 ;;
        esac
        word=
      done
      [[ -n "$word" ]] || return 0
      ;;
  esac
  while [[ $at -lt $current ]]; do
    word=\${words[$at]}
    at=$((at + 1))
    if [[ "$word" == -- ]]; then return 0; fi
    case "\${command:+$command }$word" in
COMMANDS) command=\${command:+$command }$word ;;
    esac
  done
  before=\${words[$((current - 1))]}
  if [[ "$before" == = ]]; then before=\${words[$((current - 2))]}; fi`;

const findCommand = (commands: readonly CompletedCommand[]): string =>
  FIND_COMMAND.replace(
    'COMMANDS',
    commands
      .filter(({ path }) => path !== '')
      .map(({ path }) => `      '${path}'`)
      .join(' | \\\n'),
  );

const namesOf = ({ name, short }: CompletedOption): readonly string[] => (short === null ? [name] : [name, short]);

/** One `case` for options with values: `complete` says what is done with them. */
const valueCases = (
  commands: readonly CompletedCommand[],
  { files, values, list }: Record<'values' | 'list', (words: string) => string> & { readonly files: string },
): string =>
  commands
    .flatMap(({ path, options }) =>
      options.flatMap((option) => {
        if (option.value === null) return [];
        const does =
          option.value === 'file' ? files : (option.isList ? list : values)(option.value.map(shellWord).join(' '));
        return [
          `    ${namesOf(option)
            .map((name) => `'${path} ${name}'`)
            .join(' | ')}) ${does}; return 0 ;;`,
        ];
      }),
    )
    .join('\n');

/** For Bash from 3.2 on, which macOS has. */
export const bashCompletion = (commands: readonly CompletedCommand[]): string => `# Completion of devsetup for Bash.
_devsetup() {
  local program=\${COMP_WORDS[0]} at=1 current=$COMP_CWORD command= word= before= cursor=\${COMP_WORDS[COMP_CWORD]} IFS=$' \\t\\n'
  local words=("\${COMP_WORDS[@]}")
  COMPREPLY=()
${findCommand(commands)}
  if [[ "$cursor" == = ]]; then cursor=; fi
  case "$command $before" in
${valueCases(commands, { files: `COMPREPLY=($(compgen -f -- "$cursor"))`, values: (words) => `COMPREPLY=($(compgen -W ${shellWord(words)} -- "$cursor"))`, list: (words) => `COMPREPLY=($(compgen -P "\${cursor%"\${cursor##*,}"}" -W ${shellWord(words)} -- "\${cursor##*,}"))` })}
  esac
  case "$command" in
${commands
  .map(({ path, words, options }) => {
    const all = [...words.map(({ name }) => name), ...options.flatMap(namesOf)].join(' ');
    return `    '${path}') COMPREPLY=($(compgen -W ${shellWord(all)} -- "$cursor")) ;;`;
  })
  .join('\n')}
  esac
}
complete -o default -F _devsetup devsetup django-devsetup
# Another completion of npx is left alone.
complete -p npx > /dev/null 2>&1 || complete -o default -F _devsetup npx
`;

const zshItem = (name: string, description: string): string =>
  shellWord(`${name.replaceAll(':', '\\:')}:${description}`);

export const zshCompletion = (commands: readonly CompletedCommand[]): string => `# Completion of devsetup for zsh.
_devsetup() {
  setopt local_options ksh_arrays
  local program=\${words[0]} at=1 current=$((CURRENT - 1)) command= word= before=
  local -a items flags
${findCommand(commands)}
  unsetopt ksh_arrays
  case "$command $before" in
${valueCases(commands, { files: '_files', values: (words) => `compadd -- ${words}`, list: (words) => `compset -P '*,'; compadd -qS , -- ${words}` })}
  esac
  case "$command" in
${commands
  .map(({ path, words, options }) => {
    const items = words.map(({ name, description }) => zshItem(name, description)).join(' ');
    const flags = options.flatMap((one) => namesOf(one).map((name) => zshItem(name, one.description))).join(' ');
    return `    '${path}') items=(${items}); flags=(${flags}) ;;`;
  })
  .join('\n')}
  esac
  (( \${#items} )) && _describe 'command' items
  (( \${#flags} )) && _describe -o 'option' flags
}
(( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit -i; }
compdef _devsetup devsetup django-devsetup
# Another completion of npx is left alone.
(( \${+_comps[npx]} )) || compdef _devsetup npx
`;
