# syntax=docker/dockerfile:1
# Depesche in a container: all state in /data, settings from the environment.
#
#   docker build -t depesche .
#   docker run -d --name depesche --init --restart unless-stopped \
#       --env-file depesche.env -v depesche:/data depesche     # the file holds TELEGRAM_TOKEN=…
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
# No HEALTHCHECK: with polling there is no port to ask, and a second process that
# opens the database says nothing about the first. A bot that dies ends the
# container, and the restart policy starts it again.
ENTRYPOINT ["depesche"]
CMD ["run"]
