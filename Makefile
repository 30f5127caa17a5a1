# Everything here runs in .venv, which `make setup` makes. See README.md.
PYTHON ?= python3
VENV := .venv
NEURAL := .venv-neural
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# The demo's parts reach each other on this machine, never through a proxy. A model hub, and Anthropic where a key is
# set, are reached as everything else here reaches the network.
DEMO_ENV = PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONUNBUFFERED=1 \
	SLACK_BOT_TOKEN=xoxb-local SLACK_APP_TOKEN=xapp-local SLACK_SIGNING_SECRET= WHOSPOKE_TRANSPORT=socket \
	WHOSPOKE_DATABASE_URL=sqlite:///.demo/whospoke.db WHOSPOKE_INSTALLER_ID=U0CLEO \
	NO_PROXY="$(NOT_PROXIED)" no_proxy="$(NOT_PROXIED)"
NOT_PROXIED = 127.0.0.1,localhost$${NO_PROXY:+,$$NO_PROXY}$${no_proxy:+,$$no_proxy}

# Compiled once, not at every start of a process or a test.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: worker-gpu test-neural setup demo demo-reset test check bench fmt lint types imports content unit

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "whospoke needs Python 3.11 or newer: run make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@echo "Installing; the first time this takes a minute or two ..."
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[demo,offline,postgres,dev]'
	-$(BIN)/python -m diarize_worker models pull
	@touch $(STAMP)

demo: setup
	@mkdir -p .demo && chmod 700 .demo
	@port=$$($(BIN)/python -m local_slack free-port 7600 --dir .demo/workspace) && \
		env $(DEMO_ENV) $(BIN)/python -m storage migrate && \
		echo "" && echo "  Open http://127.0.0.1:$$port in a browser. Stop with Ctrl-C; run make demo again to go on." && echo "" && \
		env $(DEMO_ENV) WORKSPACE_PORT=$$port SLACK_API_URL=http://127.0.0.1:$$port/api/ \
			$(BIN)/honcho -e /dev/null -f Procfile.demo start || test $$? -ge 128

demo-reset:
	rm -rf .demo

# What a commit passes, in under 90 seconds.
check: setup fmt lint types imports content unit

fmt:
	$(BIN)/ruff format --check --quiet .
lint:
	$(BIN)/ruff check --quiet .
types:
	$(BIN)/mypy
imports:
	$(BIN)/lint-imports
content:
	$(BIN)/python -m course lint
unit:
	$(BIN)/python -m pytest -q -n 3 -m "not gpu and not neural and not slow and not thorough and not e2e and not postgres"

# Everything this machine can run; what needs Postgres or Chromium is skipped where they are missing, saying so.
# Stories and pages run two at a time, a file in one place: each runs several processes of its own, and mostly waits.
test: setup
	$(BIN)/python -m pytest -q -n 3 -m "not gpu and not neural and not slow and not e2e"
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "(slow or e2e) and not gpu and not neural" --durations=40

# The neural engine through its real loading code, on tiny random weights, in an environment of its own.
# Where `pip install torch` brings CUDA's gigabytes, give PyTorch's own CPU index: make test-neural TORCH_INDEX=URL
test-neural:
	test -x $(NEURAL)/bin/python || $(PYTHON) -m venv $(NEURAL)
	$(NEURAL)/bin/pip install --quiet --disable-pip-version-check $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch==2.13.0
	$(NEURAL)/bin/pip install --quiet --disable-pip-version-check 'pyannote.audio==4.0.7' onnx onnxruntime pydantic \
		pydantic-settings pytest pytest-timeout scipy
	$(NEURAL)/bin/python -m pytest -q -m neural tests/neural

bench: setup
	$(BIN)/python -m bench

# A worker with an NVIDIA GPU, see docs/deploy.md: make worker-gpu TORCH_INDEX=URL, PyTorch's index for your CUDA version.
worker-gpu:
	@test -n "$(TORCH_INDEX)" || { echo "Give PyTorch's index for your CUDA version: see docs/deploy.md"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check torch==2.13.0 --index-url $(TORCH_INDEX)
	$(BIN)/pip install --disable-pip-version-check -c constraints.txt -e '.[neural,postgres]' 'nvidia-cublas-cu12==12.*'
	$(BIN)/python -m diarize_worker models pull --whisper
	$(BIN)/python -m diarize_worker doctor
