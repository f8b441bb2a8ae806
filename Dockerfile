# The `kpis` command, with the versions of requirements.lock that a worker needs: without the servers of
# `kpis up`. Both stages are of one image, so that the environment finds its Python where it was made.
FROM python:3.12.13-slim-trixie AS build

WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore UV_NO_CACHE=1

# uv, too, is the lock file's. It takes versions and hashes from a lock file that names more than is installed.
COPY requirements-dev.lock ./
RUN sed -n '/^uv==/,/# via/p' requirements-dev.lock > uv.lock \
    && pip install --require-hashes -r uv.lock \
    && python -m venv --without-pip /opt/kpis

COPY . .
RUN uv pip install --python /opt/kpis/bin/python --only-binary :all: --no-binary campaign-kpis \
    --verify-hashes --constraint requirements.lock --build-constraint requirements.lock --compile-bytecode .
# Here, where it can be written; for any processor of this kind, which costs no speed that could be measured.
ENV NUMBA_CPU_NAME=generic KPIS_CACHE_DIR=/opt/kpis/compiled
RUN /opt/kpis/bin/kpis compile


FROM python:3.12.13-slim-trixie

# A number, so that Kubernetes can tell that it is not root.
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin kpis \
    && install -d -o 10001 -g 10001 -m 700 /var/lib/campaign-kpis
COPY --from=build /opt/kpis /opt/kpis

ENV PATH=/opt/kpis/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
ENV NUMBA_CPU_NAME=generic KPIS_CACHE_DIR=/opt/kpis/compiled
USER 10001
WORKDIR /tmp
EXPOSE 9464 8080
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9464/livez', timeout=4)"]

ENTRYPOINT ["kpis"]
CMD ["worker"]
