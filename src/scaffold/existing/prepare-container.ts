import { isRecord } from '../../core/shape.ts';
import { shellWord } from '../../core/shell-word.ts';
import { addProperty } from '../../devcontainer/add-property.ts';
import { setJsonc } from '../../devcontainer/edit-jsonc.ts';
import { readJsonc } from '../../project/read-jsonc.ts';
import { putBefore } from '../../shell/join-command.ts';

/** What describes the container: what is said of it further stands behind that. */
export const DESCRIBING = [
  'name',
  'image',
  'build',
  'dockerFile',
  'context',
  'dockerComposeFile',
  'service',
  'workspaceFolder',
  'features',
];

/** A command that runs before all others in a new container. One that is there already stays as it is. */
export const prepare = (text: string, call: string): string => {
  const hook = 'onCreateCommand';
  const { value } = readJsonc(text);
  const command = isRecord(value) ? value[hook] : undefined;
  if (JSON.stringify(command ?? '').includes(JSON.stringify(call).slice(1, -1))) return text;
  if (command === undefined || command === null || command === '') {
    return addProperty(
      text,
      hook,
      call,
      isRecord(value) && 'initializeCommand' in value ? ['initializeCommand'] : BEFORE_HOOKS,
    );
  }
  const first = `(${call})`;
  if (typeof command === 'string') return setJsonc(text, [hook], putBefore(command, first) ?? `${first} && ${command}`);
  if (Array.isArray(command))
    return setJsonc(text, [hook], `${first} && ${command.map(String).map(shellWord).join(' ')}`);
  // Entries run side by side, each of them has to wait for it.
  return Object.entries(command).reduce((now, [name, entry]) => {
    const line = Array.isArray(entry) ? entry.map(String).map(shellWord).join(' ') : String(entry);
    return setJsonc(now, [hook, name], putBefore(line, first) ?? `${first} && ${line}`);
  }, text);
};

const BEFORE_HOOKS = [...DESCRIBING, 'mounts', 'containerEnv', 'remoteEnv', 'remoteUser', 'containerUser'];
