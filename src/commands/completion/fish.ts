import type { CompletedCommand, CompletedOption } from './model.ts';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** `npx --no-install devsetup` is devsetup, too; the words after `--` belong to another command. */
const functions = (commands: readonly CompletedCommand[]): string => `function __devsetup_command
    set -l words (commandline -opc)
    set -l program (string replace -r '.*/' '' -- $words[1])
    set -e words[1]
    if test "$program" = npx
        while string match -q -- '-*' "$words[1]"
            set -e words[1]
        end
        contains -- "$words[1]" devsetup django-devsetup; or return 1
        set -e words[1]
    end
    set -l command
    for word in $words
        test "$word" = --; and return 1
        set -l longer (string join -- ' ' $command $word)
        contains -- "$longer" ${commands.flatMap(({ path }) => (path === '' ? [] : [quoted(path)])).join(' ')}
        and set -a command $word
    end
    string join -- ' ' $command
    return 0
end

function __devsetup_at
    set -l command (__devsetup_command); or return 1
    test "$command" = "$argv[1]"
end

# Behind the items that are there already.
function __devsetup_list
    set -l before (commandline -ct | string replace -r '^--[^=]*=' '' | string match -r '^.*,')
    printf '%s\\n' "$before"$argv
end
`;

const optionLine = (option: CompletedOption): string => {
  const long = option.name.startsWith('--') ? ` -l ${option.name.slice(2)}` : '';
  const short = option.short === null ? '' : ` -s ${option.short.slice(1)}`;
  const words = typeof option.value === 'object' ? (option.value ?? []).join(' ') : '';
  const value =
    option.value === null
      ? ''
      : option.value === 'file'
        ? ' -r -F'
        : ` -x -a ${quoted(option.isList ? `(__devsetup_list ${words})` : words)}`;
  return `${long}${short}${value} -d ${quoted(option.description)}`;
};

export const fishCompletion = (commands: readonly CompletedCommand[]): string => `# Completion of devsetup for fish.
${functions(commands)}
for program in devsetup django-devsetup npx
    complete -c $program -n __devsetup_command -f
${commands
  .flatMap(({ path, words, options }) =>
    [
      ...words.map(({ name, description }) => ` -a ${quoted(name)} -d ${quoted(description)}`),
      ...options.map(optionLine),
    ].map((rest) => `    complete -c $program -n ${quoted(`__devsetup_at ${quoted(path)}`)}${rest}`),
  )
  .join('\n')}
end
`;
