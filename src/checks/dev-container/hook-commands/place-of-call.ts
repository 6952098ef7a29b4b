import type { Place } from '../../../core/check.ts';
import type { Span } from '../../../core/placed-text.ts';
import type { DevContainer } from '../../../devcontainer/dev-container.ts';
import type { HookRun } from '../../../devcontainer/hooks/run-hooks.ts';

/** A command's line in the script it stands in; the hook's own text is a property of devcontainer.json. */
export const placeOfCall = (
  found: Pick<DevContainer, 'name' | 'placeOf'>,
  { command }: Pick<HookRun, 'command'>,
  { span }: { readonly span: Span },
): Place =>
  span.file === found.name || span.file === ''
    ? found.placeOf(command.path)
    : { file: span.file, line: span.line, column: span.column };
