import type { Span } from '../../core/placed-text.ts';
import { showHoles, type Holes } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { AuditedJob, AuditedStep } from '../pipeline.ts';
import { baseName } from './django-command.ts';

/** A place of a job where an image is built: a command, or an action. */
export interface ImageBuild {
  readonly step: AuditedStep;
  /** null: an action. */
  readonly call: ShellCall | null;
  readonly span: Span;
  /** `docker build -t shop .` */
  readonly text: string;
}

const ENGINE = /^(?:docker|podman|nerdctl|buildah|finch)$/;
const BUILD_ACTIONS = /^docker\/(?:build-push-action|bake-action)$/;

const MAY_BUILD = /^(?:(?:docker|podman)(?:-compose)?|nerdctl|buildah|finch|gcloud|az)$/;

/** `docker build`, `docker buildx build`, `docker compose build`, `docker compose up --build`. */
const isBuild = ({ words }: ShellCall): boolean => {
  const name = baseName(words[0]?.value ?? '');
  if (!MAY_BUILD.test(name)) return false;
  const rest = words.slice(1).map(({ value }) => value);
  if (/^(?:docker|podman)-compose$/.test(name) || (ENGINE.test(name) && rest.includes('compose'))) {
    const verb = rest.find((word) =>
      /^(?:build|up|run|exec|pull|push|down|ps|logs|restart|start|stop|config)$/.test(word),
    );
    return verb === 'build' || ((verb === 'up' || verb === 'run') && rest.includes('--build'));
  }
  if (ENGINE.test(name)) {
    const [verb = '', next = ''] = rest.filter((word) => !word.startsWith('-'));
    return /^(?:build|bud)$/.test(verb) || (/^(?:buildx|image|builder)$/.test(verb) && /^(?:build|bake)$/.test(next));
  }
  const text = [name, ...rest].join(' ');
  return /^(?:gcloud builds submit|az acr build)\b/.test(text);
};

/** Every place of a job where an image is built, in the order they are run. */
export const findImageBuilds = ({ steps }: Pick<AuditedJob, 'steps'>, holes: Holes): readonly ImageBuild[] =>
  steps.flatMap((step): readonly ImageBuild[] => {
    if (step.action !== null && BUILD_ACTIONS.test(step.action)) {
      const text = `${step.action} ${['context', 'file', 'tags'].map((name) => step.with.get(name)?.value ?? '').join(' ')}`;
      return [{ step, call: null, span: step.uses?.span ?? step.step.span, text: showHoles(text, holes) }];
    }
    return step.calls.filter(isBuild).map((call) => ({
      step,
      call,
      span: call.span,
      text: showHoles(call.words.map(({ value }) => value).join(' '), holes),
    }));
  });
