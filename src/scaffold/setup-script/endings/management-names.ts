import type { Ending } from './ending.ts';

/** Commands of Django and of packages that serve, watch, work or ask until they are stopped. */
const RUNNING =
  /^(?:runserver\w*|rundev|run_?(?:worker|huey|dramatiq|gunicorn|uvicorn|daphne|uwsgi|kafka|bot|jobs_worker)|rqworker\w*|rqscheduler|qcluster|qmonitor|qinfo|celery\w*|db_worker|process_tasks|runworker|dbshell|shell(?:_plus)?|runscript_loop|livereload|tailwind|browser|startbot|telegram_?bot|tenant_?shell|procrastinate|django_?bot|runapscheduler|runcrons_loop|pdbshell|grpcrunserver|grpcrunaioserver|test_?server)$/;

/** Commands of Django and of packages that are known to end. */
const ENDING = new Set(
  (
    'loaddata dumpdata collectstatic compilemessages makemessages createcachetable clearsessions changepassword flush sqlflush migrate migrate_schemas ' +
    'makemigrations check remove_stale_contenttypes compress compilescss compilejsi18n collectfast thumbnail update_index rebuild_index clear_index ' +
    'createinitialrevisions rebuild_references_index fixtree publish_scheduled spectacular generateschema graphql_schema update_permissions ' +
    'sync_translation_fields update_translation_fields update_countries_plus cities_light installtasks ' +
    'createsuperuser create_tenant clone_tenant collectstatic_schemas collectstatic_js_reverse ' +
    'waffle_flag waffle_switch set_fake_emails set_fake_passwords clear_cache clean_pyc generate_secret_key sync_s3'
  ).split(' '),
);

/** Names that speak of something that runs, even where nothing in the code shows it. */
const SUSPECT =
  /^(?:run|start|serve)(?:_|$)|(?:^|_)(?:server?|watch(?:er)?|worker|listen(?:er)?|consume(?:r)?|daemon|loop|poll(?:er|ing)?|bot|shell|console|monitor|beat|scheduler|stream|subscribe(?:r)?)$/;

/** By its name alone; null: the name says nothing. */
export const endingByName = (name: string): Ending | null => {
  if (RUNNING.test(name)) return 'runs';
  if (ENDING.has(name)) return 'ends';
  return SUSPECT.test(name) ? 'unknown' : null;
};
