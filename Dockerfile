# The product for production: web, worker, beat and migrations are the same image.
FROM python:3.11-slim-bookworm AS packages
COPY requirements/uv.txt requirements/base.txt /requirements/
RUN python -m venv /venv \
 && pip install --no-cache-dir --require-hashes -r /requirements/uv.txt \
 && uv pip install --no-cache --compile-bytecode --python /venv/bin/python \
    --require-hashes -r /requirements/base.txt

FROM python:3.11-slim-bookworm
# Pango draws the PDF files.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /srv/stage --shell /usr/sbin/nologin stage \
 && install -d -o stage -g stage /srv/stage /srv/static /srv/var /srv/files
COPY --from=packages /venv /venv
WORKDIR /srv/stage
COPY manage.py ./
COPY stage stage
COPY companies companies
COPY placements placements
COPY attendance attendance
COPY assessments assessments
COPY templates templates
COPY static static
COPY locale locale
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=stage.settings.production \
    STATIC_ROOT=/srv/static \
    STAGE_VAR=/srv/var \
    FILES_ROOT=/srv/files
# Collecting static files reads the settings; nothing of these values stays in the image.
RUN SECRET_KEY=only-to-collect-static-files ALLOWED_HOSTS=localhost SITE_URL=https://localhost \
    python manage.py collectstatic --noinput
USER stage
EXPOSE 8000
# The heartbeat files belong in memory; the control socket would be shared by all copies.
# Nothing is served behind walls that are not as declared. The product is read once, before the
# processes part: one that makes room after its requests is back at once, not after three seconds.
CMD ["sh", "-c", "python manage.py walls --check && exec gunicorn stage.wsgi --bind 0.0.0.0:8000 \
     -k gthread --workers 3 --threads 4 --preload --worker-tmp-dir /dev/shm --no-control-socket \
     --max-requests 2000 --max-requests-jitter 200"]
