# Stands in for Alpine where its image is not to be had: all programs are those of BusyBox, apk is a double that brings Node. The Node is one
# for glibc, whose libraries come along with it.
ARG BASE
FROM ${BASE} AS source
COPY node /usr/local
RUN apt-get update -q && apt-get install -q --yes --no-install-recommends busybox-static
RUN mkdir -p /alpine/bin /alpine/sbin /alpine/usr/bin /alpine/usr/local /alpine/etc/profile.d /alpine/root /alpine/tmp /alpine/var/log /alpine/opt \
  && chmod 1777 /alpine/tmp \
  && cp /bin/busybox /alpine/bin/ && for name in $(busybox --list | grep -vx busybox); do ln -sf busybox "/alpine/bin/$name"; done \
  && cp --parents --dereference $(ldd /usr/local/bin/node | grep -o '/[^ ]*') /etc/ssl/certs/ca-certificates.crt /alpine/ \
  && ln -s /bin/env /alpine/usr/bin/env && cp -R /usr/local /alpine/opt/nodejs \
  && printf 'ID=alpine\nVERSION_ID=3.22.0\n' > /alpine/etc/os-release \
  && printf 'root:x:0:0:root:/root:/bin/sh\n' > /alpine/etc/passwd && printf 'root:x:0:\n' > /alpine/etc/group \
  && printf '%s\n' '#!/bin/sh' 'echo "apk $*" >> /var/log/apk' '[ "$*" = "add --no-cache nodejs npm" ] && cp -R /opt/nodejs/bin /opt/nodejs/lib /usr/' > /alpine/sbin/apk \
  && chmod +x /alpine/sbin/apk

FROM scratch
COPY --from=source /alpine /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
CMD ["/bin/sh"]
