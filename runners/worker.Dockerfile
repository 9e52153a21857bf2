# A worker of Flink, Spark or Dataflow in which newsfold is installed (docs/deploying.md, "A worker image"):
#     docker build -f runners/worker.Dockerfile -t newsfold-worker .
# What is run names places by WORKDIR alone: `make image-steps` runs it in an empty virtual environment.
ARG BEAM_IMAGE=apache/beam_python3.11_sdk:2.77.0

FROM ${BEAM_IMAGE} AS sdist
WORKDIR /build
COPY setup.py pyproject.toml MANIFEST.in README.md LICENSE ./
COPY requirements/runtime.in requirements/
COPY schemas schemas/
COPY transforms transforms/
COPY pipelines pipelines/
RUN python setup.py --quiet sdist --dist-dir dist

FROM ${BEAM_IMAGE}
# Beam's start program would make a virtual environment at every start; here nothing is left to install.
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT=1
WORKDIR /opt/newsfold
# The packages before newsfold: they change seldom, and their layer with them.
COPY requirements/runtime.txt ./
RUN pip install --quiet --require-hashes -r runtime.txt
COPY --from=sdist /build/dist ./
RUN pip install --quiet --no-index --no-deps --no-build-isolation newsfold-*.tar.gz && newsfold doctor
# Dataflow mounts folders that root owns and needs --build-arg WORKER_USER=root; Flink and Spark do not.
ARG WORKER_USER=nobody
USER ${WORKER_USER}
ENTRYPOINT ["/opt/apache/beam/boot"]
