# syntax=docker/dockerfile:1
# Depesche in a container: all state in /data, settings from the environment.
#
#   docker build -t depesche .
#   docker run -d --name depesche --init --restart unless-stopped \
#       --env-file depesche.env -v depesche:/data depesche     # the file holds TELEGRAM_TOKEN=…
#   docker exec depesche depesche backup        # into /data/backups; also: doctor, ask, ingest
#   docker run --rm -it -v depesche:/data depesche console

FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/depesche
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY bot bot
COPY digests digests
RUN /opt/depesche/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin depesche \
    && install -d -o depesche -g depesche -m 0750 /data
COPY --from=build /opt/depesche /opt/depesche
COPY seeds /opt/depesche/share/seeds
ENV PATH=/opt/depesche/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    SEEDS_DIR=/opt/depesche/share/seeds
USER depesche
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
# /metrics and /healthz, inside the container unless the port is published.
ENV METRICS_PORT=9468
HEALTHCHECK --interval=60s --timeout=10s --start-period=120s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9468/healthz', timeout=8)"]
ENTRYPOINT ["depesche"]
CMD ["run"]
