# The project's commands. Everything they need beyond Python 3.11+ and make, they install into .venv or say.
PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,$(shell command -v $(p))))
PORT ?= 8000
HOST ?= 127.0.0.1
export PORT HOST

.PHONY: help demo check quick format test bench soak messages pins

help:
	@echo "make demo    sets up, fills and starts the site on http://localhost:8000 (PORT=8001 for another)"
	@echo "make check   every check and test            make quick   the half that takes a minute"
	@echo "make test    the tests alone (ARGS='tests/unit -k fold')  make format  formats code and templates"
	@echo "make bench   figures, as a table and JSON    make soak    the long counts"
	@echo "make messages  compiles translations         make pins    writes requirements/*.txt anew (needs uv)"

demo: has-python
	@$(PYTHON) scripts/demo.py

check: has-python
	@$(PYTHON) scripts/check.py

quick: has-python
	@$(PYTHON) scripts/check.py --quick

format: has-python
	@$(PYTHON) scripts/check.py --format

test: has-python
	@$(PYTHON) scripts/check.py --tests $(ARGS)

bench: has-python
	@$(PYTHON) scripts/within.py scripts/bench.py $(ARGS)

soak: has-python
	@$(PYTHON) scripts/within.py scripts/soak.py $(ARGS)
	@$(PYTHON) scripts/within.py scripts/soak_phones.py
	@$(PYTHON) scripts/within.py scripts/bench.py --soak

messages: has-python
	@$(PYTHON) scripts/within.py scripts/messages.py

.PHONY: has-python
has-python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (apt install python3 python3-venv)"; exit 1; }

# One resolution for all: what production has is what is tested and shown.
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate pyproject.toml
pins:
	$(COMPILE) --all-extras --output-file requirements/production.txt $(ARGS)
	$(COMPILE) --extra postgres --extra redis --extra heic --extra s3 --group dev --constraint requirements/production.txt \
		--output-file requirements/dev.txt $(ARGS)
	$(COMPILE) --extra heic --constraint requirements/production.txt --output-file requirements/base.txt $(ARGS)
	@! grep -nE 'https?://|index-url|find-links' requirements/*.txt
