#!/bin/bash
sudo apt-get update && sudo apt-get install -y --no-install-recommends gettext libpq-dev
curl -fsSL https://example.org/install.sh | bash
npm install -g pnpm@9
git config --global core.editor vim
ssh-keygen -t ed25519 -N "" -f ~/.ssh/id_ed25519
git clone git@example.org:team/shared.git ../shared
sudo service postgresql start
sudo -u postgres psql -c "CREATE USER shop WITH PASSWORD 'w0rd-of-shop'"
sudo -u postgres createdb -O shop shop
sudo -u postgres psql -d shop -c 'CREATE EXTENSION IF NOT EXISTS postgis'
pip install -e ".[dev]"
pip install debugpy ipython
pre-commit install
chmod +x scripts/*.sh
rm -rf node_modules
read -p "Continue? " answer
