const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Images of Docker Hub that have no namespace, as far as deployments use them. */
export const OFFICIAL_IMAGES: ReadonlySet<string> = new Set(
  words(`
    adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux bash bonita buildpack-deps busybox
    caddy cassandra centos chronograf cirros clearlinux clefos clickhouse clojure composer consul convertigo couchbase couchdb crate dart
    debian docker dotnet drupal eclipse-mosquitto eclipse-temurin eggdrop elasticsearch elixir emqx erlang fedora flink fluentd friendica
    gazebo gcc geonetwork ghost golang gradle groovy haproxy haskell haxe hello-world hitch httpd hylang ibm-semeru-runtimes ibmjava
    influxdb irssi jetty jenkins joomla jruby julia kapacitor kibana kong krakend lightstreamer liquibase logstash mageia mariadb matomo
    maven mediawiki memcached mongo mongo-express monica mono mysql nats nats-streaming neo4j neurodebian nextcloud nginx node notary
    odoo open-liberty openjdk oraclelinux orientdb percona perl photon php phpmyadmin plone postfixadmin postgres postgresql pypy python
    r-base rabbitmq rakudo-star redis redmine registry rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa scratch
    silverpeas solr sonarqube spark spiped storm swift swipl teamspeak telegraf tomcat tomee traefik ubuntu unit varnish vault
    websphere-liberty wordpress xwiki yourls zookeeper mailhog minio watchtower certbot dockerize
  `),
);

/** Those who publish images for everybody, on any registry. */
export const PUBLIC_NAMESPACES: ReadonlySet<string> = new Set(
  words(`
    library distroless bitnami bitnamilegacy bitnamisecure curlimages grafana prom prometheus hashicorp aquasec aquasecurity amazon aws-cli mcr
    certbot containrrr nickfedor jwilder nginxproxy nginxinc linuxserver portainer selenium sonarsource appleboy cypress gitlab moby docker
    tonistiigi multiarch mikefarah koalaman hadolint trufflesecurity zricethezav gitleaks dpage mailhog axllent minio timescale postgis
    pgvector ankane citusdata edoburu pgbouncer getsentry sentry jaegertracing openzipkin  elastic opensearchproject confluentinc
    wurstmeister bitwarden vaultwarden keycloak  google-cloud-sdk cloudflare tailscale oznu umputun jrcs lscr astral-sh
    checkmarx snyk anchore securego returntocorp semgrep zaproxy owasp projectdiscovery  stoplight redocly swaggerapi
    openapitools postman newman loadimpact artilleryio locustio alpine bats rhysd github super-linter actions
    influxdata dopplerhq  typesense getmeili flyway liquibase dgraph  rancher k3s kindest bitpoke bitnami-labs
    plantuml pandoc mermaid-js  squidfunk crazymax traefik coredns fluxcd argoproj jetstack ingress-nginx cert-manager
    valkey dragonflydb eqalpha temporalio airbyte metabase plausible umami-software posthog supabase localstack wiremock mockserver
    kanaka ddev drone woodpeckerci tecnativa lukasmartinelli jetpackio cloudposse bridgecrew tfsec infracost runatlantis
      steebchen willfarrell offen prodrigestivill kartoza osgeo amacneil migrate  surnet
    open-webui ollama vllm n8nio nodered louislam uptime-kuma filebrowser gotenberg browserless chromedp
  `),
);

/** Registries of images for everybody. */
export const PUBLIC_REGISTRIES: readonly string[] = [
  'mcr.microsoft.com',
  'public.ecr.aws',
  'k8s.gcr.io',
  'registry.k8s.io',
  'docker.elastic.co',
  'registry.access.redhat.com',
  'registry.redhat.io',
  'nvcr.io',
  'lscr.io',
  'cgr.dev',
];
