.DEFAULT_GOAL := help
.PHONY: help run test check proof chaos mutants bench bench-peer setup lock

help: ## List what there is to type
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

run: ## Serve HSH with demo data on http://127.0.0.1:8000 (HSH_PORT=8001 make run for another port)
	@scripts/run

test: ## Run every test on SQLite and in a browser, then again on a MariaDB server of its own
	@scripts/test

check: ## Lint, format, types, import rules, templates
	@scripts/check

proof: ## Prove the laws on SQLite and MariaDB: races, kills, power loss (FULL=1 for the long run)
	@scripts/proof $(if $(FULL),--full)

chaos: ## Send a driver's day through a network, server and browser that fail (FULL=1 for the long run)
	@scripts/setup dev >&2
	@env -u DATABASE_URL -u HSH_TEST_DATABASE .venv/bin/python -m proof $(if $(FULL),--full) chaos

mutants: ## Break the code on purpose, one thing at a time, and see that a test notices
	@scripts/setup dev >&2
	@.venv/bin/python -m proof.mutants

bench: ## Measure speed against the floor, half an hour (FIGURES="sales paper" for some of it)
	@scripts/setup dev >&2
	@.venv/bin/python -m bench $(FIGURES)

bench-peer: ## Measure a sale beside one of Tryton, which this installs in .tools
	@scripts/setup dev >&2
	@.venv/bin/python -m bench.peer

setup: ## Prepare this machine: system packages, Python packages in .venv, front-end files
	@scripts/setup dev

lock: ## Pin all packages anew
	@scripts/lock
