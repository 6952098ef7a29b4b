const DEVCONTAINER = `// The development environment of this project: Codespaces and Dev Containers read it.
{
  "name": "Lending library",
  "dockerComposeFile": "compose.yaml",
  "service": "app",
  "workspaceFolder": "/workspace",
  "remoteUser": "vscode",
  "forwardPorts": [8000, "db:5432"],
  "portsAttributes": { "8000": { "label": "Django" } },
  // Everybody sets these for themselves.
  "secrets": {
    "DJANGO_SUPERUSER_PASSWORD": { "description": "The password of the first superuser." }
  },
  "remoteEnv": { "DJANGO_DEBUG": "1" },
  "postCreateCommand": "npx --no-install devsetup",
  "postStartCommand": "npx --no-install devsetup --if-needed",
  "customizations": {
    "vscode": {
      "extensions": ["ms-python.python"]
    }
  }
}
`;

const COMPOSE = `services:
  app:
    build:
      context: ..
      dockerfile: .devcontainer/Dockerfile
    command: sleep infinity
    volumes:
      - ..:/workspace:cached
    environment:
      # For development only; the database takes connections from this network alone.
      DATABASE_URL: postgresql://lending:lending-dev@db:5432/lending
    depends_on:
      db:
        condition: service_healthy

  db:
    image: postgres:18
    environment:
      POSTGRES_USER: lending
      POSTGRES_PASSWORD: lending-dev
      POSTGRES_DB: lending
    volumes:
      - db-data:/var/lib/postgresql
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U lending"]
      interval: 2s
      timeout: 5s
      retries: 15
      start_period: 30s

volumes:
  db-data:
`;

const DOCKERFILE = `FROM mcr.microsoft.com/devcontainers/python:3.11-bookworm

RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
`;

/** A dev container with nothing to find, by path. */
export const HEALTHY_DEV_CONTAINER: Readonly<Record<string, string>> = {
  '.devcontainer/devcontainer.json': DEVCONTAINER,
  '.devcontainer/compose.yaml': COMPOSE,
  '.devcontainer/Dockerfile': DOCKERFILE,
};
