# The commands of the README. CI runs the same.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LAKE ?= lake
PEERS := .cache/peers
ARTICLES ?= 20000
TRIED := .cache/wire-$(ARTICLES)/articles.jsonl
TRY = $(BIN)/python -m runners.trial --input seeds --input $(TRIED)

.PHONY: ingest test lint types unit test-long bench bench-dedup bench-lake bench-feeds bench-steady prism flink flink-stream spark test-runners image-steps job-graph lock gazetteer tagger clean
.DELETE_ON_ERROR:

ingest: $(VENV)/.runtime  ## set everything up, ingest seeds/ into ./lake, show a DuckDB answer
	$(BIN)/newsfold ingest seeds --lake $(LAKE)
	$(BIN)/newsfold query --lake $(LAKE)

test: lint types unit image-steps  ## lint, types and all tests (at most 10 minutes)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/hadolint runners/worker.Dockerfile

types: $(VENV)/.dev
	$(BIN)/mypy

unit: $(VENV)/.dev
	$(BIN)/pytest -n 2 -m "not long"

image-steps: $(VENV)/.runtime  ## what the worker image runs, in an empty environment: there need be no container engine
	$(BIN)/python -m runners.image

test-long: $(VENV)/.dev  ## what takes more than 10 minutes: random kills, large inputs, properties of other texts
	$(BIN)/pytest -n 2 -m "hypothesis and not long" --hypothesis-profile=anew
	$(BIN)/pytest -m long -s

bench: $(VENV)/.bench  ## speed and memory beside the hand-written scripts
	$(BIN)/python bench/run.py

bench-dedup: $(VENV)/.bench $(PEERS)/.done  ## near-duplicates beside other libraries
	$(BIN)/python bench/dedup.py --peers $(PEERS)/bin/python

bench-lake: $(VENV)/.bench  ## what 10,000 to 1,000,000 stored articles cost a run of 1,000 new ones
	$(BIN)/python bench/lake_size.py

bench-feeds: $(VENV)/.runtime  ## polls of 2,000 feeds on loopback: feeds and items a second, memory of hostile bodies
	$(BIN)/python bench/feeds.py --ingest

bench-steady: $(VENV)/.bench  ## 200 articles a second into a watch: lag, memory, files; then on a disk that is slow for a while
	$(BIN)/python bench/steady.py
	$(BIN)/python bench/steady.py --minutes 12 --slow-disk 2

# Real runners: the same rows on each, from the seeds and ARTICLES made ones; fetches what is missing into .cache/.
prism: $(TRIED)  ## on Prism, Beam's small runner (needs Go)
	$(TRY) prism

flink: $(TRIED)  ## on a standalone Flink, with and without checkpoints (needs Java 17, Maven, Go, 600 MB)
	$(TRY) flink

flink-stream: $(VENV)/.dev  ## the pipeline without end on Flink, its task manager killed in mid-stream (needs the same)
	$(BIN)/python -m runners.on_flink_stream

spark: $(TRIED)  ## on Spark inside Beam's job server (needs Java 17, Maven, Go, 300 MB)
	$(TRY) spark

test-runners: $(TRIED)  ## one after the other, in one table
	$(TRY) prism flink spark

.cache/wire-%/articles.jsonl: $(VENV)/.runtime
	$(BIN)/python bench/planted.py wire $* 11 $(@D)

lock: $(VENV)/.dev  ## pin the newest versions, with hashes
	$(BIN)/pip install -q uv
	for name in runtime dev bench peers; do \
	  $(BIN)/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 --no-header \
	    -o requirements/$$name.txt requirements/$$name.in; done

job-graph: $(VENV)/.runtime  ## write down the graphs that runners are given; read the difference before you commit it
	$(BIN)/python -m runners.job_graph > tests/golden/job_graph.txt
	$(BIN)/python -m runners.job_graph stream > tests/golden/stream_graph.txt

gazetteer: $(VENV)/.dev  ## build the names that entities are found by
	$(BIN)/python knowledge/build_gazetteer.py

tagger: $(VENV)/.dev  ## train the tagger of --entities accurate on knowledge/gold
	PYTHONPATH=. $(BIN)/python knowledge/train_tagger.py

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .cache build dist *.egg-info

# One environment grows from runtime to dev to bench; each stamp says what is in it.
$(VENV)/.runtime: requirements/runtime.txt setup.py
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "newsfold needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

# What is compared with newsfold has requirements of its own, some against ours.
$(PEERS)/.done: requirements/peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/peers.txt
	touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@
