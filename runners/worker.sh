#!/bin/sh
# What Flink starts for each worker: a virtual environment without newsfold, in which Beam's own start program
# installs what the driver staged (--setup_file: our sdist) before it runs the worker. Only newsfold is installed
# there; what it needs is lent from the driver's environment, and no package index is asked.
set -eu
home=$(mktemp -d "$NEWSFOLD_WORKERS/worker-XXXXXX")
exec >"$home/boot.log" 2>&1
site() { "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }
"$NEWSFOLD_PYTHON" -m venv --without-pip "$home" # pip and setuptools are lent, too: a new environment has older ones
site "$NEWSFOLD_PYTHON" >"$(site "$home/bin/python")/lent.pth"
export PATH="$home/bin:$PATH" RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT=1 PIP_NO_INDEX=1 PIP_NO_BUILD_ISOLATION=0
cd "$home"
exec "$NEWSFOLD_BOOT" --semi_persist_dir="$home" "$@"
