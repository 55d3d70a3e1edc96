# syntax=docker/dockerfile:1

FROM python:3.11-slim-bookworm AS wheels

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1

WORKDIR /wheels

# The list of dependencies, not the source, decides whether this layer is built again.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
        > requirements.txt \
    && pip wheel --wheel-dir . --constraint constraints.txt --requirement requirements.txt


FROM python:3.11-slim-bookworm AS venv

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1

# Without pip: nothing can be installed into the environment that the service runs from.
RUN python -m venv --without-pip /opt/venv

RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \
    pip --python /opt/venv/bin/python install --no-index --find-links /wheels --requirement /wheels/requirements.txt

WORKDIR /app
COPY pyproject.toml README.md piccolo_conf.py ./
COPY service/ service/
COPY actors/ actors/
COPY migrations/ migrations/

# Editable: /app stays the one copy of the source, and `draftdesk` knows its version. The byte code is written here
# because the running container may not write it.
RUN pip --python /opt/venv/bin/python install --no-deps --editable . \
    && rm -rf ./*.egg-info build \
    && /opt/venv/bin/python -m compileall -q service actors migrations piccolo_conf.py


FROM python:3.11-slim-bookworm

LABEL org.opencontainers.image.title="Draftdesk"

RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 draftdesk \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin draftdesk

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1

WORKDIR /app
COPY --from=venv /opt/venv /opt/venv
COPY --from=venv /app /app

# A number, so that an orchestrator can see that it is not root.
USER 10001:10001

EXPOSE 8000

CMD ["uvicorn", "service.app:create_app", "--factory", "--host", "0.0.0.0", "--port", "8000", "--loop", "uvloop", \
     "--http", "httptools", "--no-access-log", "--timeout-graceful-shutdown", "10"]
