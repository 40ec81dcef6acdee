# One word per chore. `make` alone lists them. Without make: README, "Plain commands".
PYTHON ?= python3
PORT ?= 8000
BIND ?= 127.0.0.1
WORKERS ?= auto
TESTS ?= not gate

PY := .venv/bin/python
# What a real installation sets; the keys are made up anew for each check.
DEPLOYED = SMGOV_PRODUCTION=1 SMGOV_ALLOWED_HOSTS=portal.example.org SMGOV_SITE_URL=https://portal.example.org \
	SMGOV_SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(60))") \
	SMGOV_AUDIT_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(60))")

.PHONY: help setup run test gate bench lint format demo-reset screenshots

help: ## list the chores
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

setup: ## install what is pinned and build the static files (the others do it by themselves)
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found: install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) smgov/bootstrap.py

run: setup ## start the portal with its demo on http://127.0.0.1:8000 (PORT=8001, BIND=0.0.0.0)
	@exec $(PY) manage.py portal --bind $(BIND) --port $(PORT)

test: setup ## run the tests (WORKERS=1 for one process)
	@$(PY) -m pytest -n $(WORKERS) --dist loadgroup -m "$(TESTS)"

gate: setup ## run the slow checks
	@$(PY) -m pytest -m gate

bench: setup ## measure the speed, as ratios
	@$(PY) -m bench.run

lint: setup ## check style, migrations and the settings of a real installation
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) manage.py makemigrations --check --dry-run
	@$(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING

format: setup ## put the code into the house style
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

demo-reset: setup ## throw the demo's data away and load it anew
	@$(PY) manage.py demo --reset

screenshots: setup ## take the README's pictures anew from a fresh demo (needs Chromium)
	@$(PY) docs/screenshots/take.py
