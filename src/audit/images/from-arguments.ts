import { mentionAll, type Mention } from './mention.ts';
import type { Part } from './part.ts';

/** `registry.example/name:tag` or with a digest: only what cannot be anything else. A name alone may have its tag in another word. */
const REFERENCE = /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/[^\s/:@]+)+(?::[^\s/:@]+|@\S+)$/u;

const SCRIPT = /^(?:\.{0,2}\/\S+|\S+\.(?:sh|bash|py|rb|js))$/;

/** `./deploy.sh backend ghcr.io/acme/shop:1.2`: what a script of the project is told to run. */
export const readScriptArguments = (program: string, call: string, parts: readonly Part[]): readonly Mention[] => {
  const isShell = /^(?:ba|da|z)?sh$/.test(program);
  const script = isShell ? parts.findIndex(({ value }) => !value.startsWith('-')) : -1;
  const name = isShell ? (parts[script]?.value ?? '') : call;
  if (!SCRIPT.test(name)) return [];
  const given = parts
    .slice(script + 1)
    .filter(({ value }) => REFERENCE.test(value.replaceAll(/[\uE000-\uF8FE]/g, 'x')));
  return mentionAll('deploy', given);
};
