# The mock in a container: as a user without rights, with a root file system that may be read-only.
#
#   docker build -t mockportal .
#   docker run --rm --read-only -p 127.0.0.1:8080:8080 -v "$PWD/scenarios:/data/scenarios:ro" mockportal
#
# The control API is on if there is a token: -e MOCKPORTAL_CONTROL_TOKEN=…
FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /opt/mockportal \
    && /opt/mockportal/bin/pip install --no-cache-dir .

FROM python:3.13-slim
COPY --from=build /opt/mockportal /opt/mockportal
ENV PATH=/opt/mockportal/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /data
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/', timeout=2)"]
ENTRYPOINT ["mockportal"]
CMD ["serve", "--host", "0.0.0.0"]
