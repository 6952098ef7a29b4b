# Stands in for the image of PostgreSQL: same variables, same data directory, same temporary server at the first start.
ARG DEBIAN
FROM ${DEBIAN}
ENV PGDATA=/var/lib/postgresql/data LANG=C.UTF-8
RUN ln -s "$(ls -d /usr/lib/postgresql/*/bin)" /usr/local/postgresql \
  && mkdir -p "$PGDATA" /var/run/postgresql \
  && chown -R postgres:postgres /var/lib/postgresql /var/run/postgresql
ENV PATH=/usr/local/postgresql:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY postgres-entrypoint.sh /usr/local/bin/
USER postgres
VOLUME /var/lib/postgresql/data
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["postgres-entrypoint.sh"]
