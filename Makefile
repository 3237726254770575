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

demo: $(VENV)/.ready fonts
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

# Against the built wheel, from another folder: test_wheel says that it is the source tree byte for byte, so what only
# computes is not tested again; the others say that its data are found and that its commands work from there.
WHEEL_TESTS := $(addprefix tests/test_,wheel.py api.py batch.py catalog.py cli.py doctor.py making.py one_fact_once.py \
	profiles.py regimes.py sources.py start_up.py text.py the_thuc.py year_machinery.py) \
	$(addprefix tests/test_samples.py::test_a_,kind_has_a_minimal_a_full_and_trap_samples sample_gives_its_golden_text) \
	tests/test_sample_year.py::test_the_sample_workbook_is_the_sample_json \
	tests/test_whole_years.py::test_there_is_a_sample_year_for_each_rule_set \
	tests/test_whole_years.py::test_the_five_years_together_make_every_kind \
	tests/test_whole_years.py::test_three_commands_lead_from_a_blank_workbook_to_the_bound_dossier \
	tests/test_gate.py::test_the_command_says_which_and_why_and_ends_with_five \
	tests/test_numbering.py::test_the_command_takes_numbers_into_a_register_beside_the_data \
	tests/test_status.py::test_the_command_writes_a_page_and_replaces_only_its_own \
	tests/test_lint.py::test_lint_says_each_fault_and_ends_with_4 \
	tests/test_pdf.py::test_the_command_makes_a_pdf_and_leaves_a_foreign_one_alone

wheel-test: $(VENV)/.ready
	rm -rf build/dist build/site $(WHEEL_RUN)
	mkdir -p $(WHEEL_RUN)
	$(PY) -m hatchling build -t wheel -d build/dist
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-index --target build/site build/dist/*.whl
	cp -r tests pyproject.toml $(WHEEL_RUN)/
	cd $(WHEEL_RUN) && PYTHONPATH=$(CURDIR)/build/site DVK_EXPECT_AT=$(CURDIR)/build/site DVK_SOURCE_AT=$(CURDIR) \
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
