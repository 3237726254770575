# Two commands for a fresh machine with Python 3.11, make and git:
#   make demo    sets all up, then makes the sample commune's whole dossier and says where it lies
#   make test    sets all up, then runs every check
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
WHEEL_RUN := build/wheel-run

.PHONY: demo test fonts positions lint type unit wheel-test templates golden bench lock clean

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cần Python 3.11 trở lên.")'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	-$(PY) -m compileall -q dvk_docs
	touch $@

demo: $(VENV)/.ready
	$(PY) -m dvk_docs dossier samples/nam-2026.xlsx -o ho-so/binh-an-2026
	@echo "Hồ sơ mẫu nằm ở: $(CURDIR)/ho-so/binh-an-2026"

test: fonts lint type unit wheel-test

fonts: $(VENV)/.ready
	-$(PY) -m dvk_docs doctor --fix

lint: $(VENV)/.ready
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

type: $(VENV)/.ready
	$(PY) -m mypy

unit: $(VENV)/.ready
	$(PY) -m pytest -n 2

# Against the built wheel, from another folder: what is not in the wheel is missed here. The tests that read its data and
# run its commands; those that only compute are the same code as before.
WHEEL_TESTS := $(addprefix tests/test_,api.py batch.py book.py catalog.py cli.py doctor.py dossier.py gate.py kinds_data.py \
	lint.py local_rules.py making.py numbering.py one_fact_once.py pdf.py profiles.py regimes.py samples.py sources.py \
	start_up.py status.py template_source.py the_thuc.py wheel.py workbook.py year_machinery.py)

wheel-test: $(VENV)/.ready
	rm -rf build/dist build/site $(WHEEL_RUN)
	mkdir -p $(WHEEL_RUN)
	$(PY) -m hatchling build -t wheel -d build/dist
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-index --target build/site build/dist/*.whl
	cp -r tests pyproject.toml $(WHEEL_RUN)/
	cd $(WHEEL_RUN) && PYTHONPATH=$(CURDIR)/build/site DVK_EXPECT_AT=$(CURDIR)/build/site \
		$(CURDIR)/$(PY) -m pytest -n 2 -p no:cacheprovider $(WHEEL_TESTS)

templates: $(VENV)/.ready
	$(PY) -m dvk_docs.template_source

golden: $(VENV)/.ready
	$(PY) -m pytest -q tests --update-golden

# Speed of merging against docxtpl and others; docx-mailmerge2 and isal are measured where they are installed.
bench: $(VENV)/.ready
	$(PY) bench/merge.py
	$(PY) bench/workbook.py
	$(PY) bench/pdf.py
	$(PY) bench/book.py

# Needs LibreOffice and pypdfium2: where each word of the samples stands in LibreOffice's PDF.
positions: $(VENV)/.ready
	PYTHONPATH=tests $(PY) tests/positions.py tests/pdf_positions

# Exact versions with hashes, without any index address.
lock: $(VENV)/.ready
	$(PY) -m pip install --quiet --disable-pip-version-check "pip-tools>=7.4,<8"
	$(PY) -m piptools compile --quiet --extra dev --extra preview --extra sheets --generate-hashes --allow-unsafe --strip-extras \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-header -o requirements.lock pyproject.toml

clean:
	rm -rf build dist ho-so .pytest_cache .mypy_cache .ruff_cache
