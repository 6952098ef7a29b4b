import { baseName } from './django-command.ts';

/** What a script does about a deployment without deploying: it reports it, checks it, waits for it, prepares it, or deploys pages that no schema concerns. */
const ABOUT_IT =
  /^(?:notify|notifier|notifications?|announce|announcement|tell|send|slack|discord|teams|telegram|mail|email|message|comment|report|reporter|summary|logs?|record|mark|marker|track|badge|metrics|status|state|checks?|checker|verify|verification|validate|validation|assert|smoke|health|healthcheck|monitor|watch|wait|await|poll|lock|unlock|approve|approval|gate|can|should|is|has|get|list|show|print|find|detect|diff|plan|dry|dryrun|simulate|lint|format|docs?|documentation|storybook|changelog|notes|version|pre|post|before|after|prepare|setup|configure|config|install|init|generate|render|template|cleanup|backup|keys?|env|vars|secrets)$/;

/**
 * Whether the name of a script says that it deploys: `deploy.sh`, `build-and-deploy.sh`, `restart-services.sh`, and not
 * `deployment-notify.sh`. What it does is not known, so this is weak evidence. A script that is named for a release or an update may only
 * write a changelog; it does not count.
 */
export const isNamedForDeployment = (path: string): boolean => {
  const words = baseName(path)
    .replace(/\.\w+$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  if (!words.some((word) => /deploy|^(?:rollout|restart)$/.test(word))) return false;
  if (words.includes('and')) return true;
  return !/^tests?$/.test(words[0] ?? '') && !words.some((word) => ABOUT_IT.test(word));
};
