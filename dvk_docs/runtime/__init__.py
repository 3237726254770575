"""What compiled templates and expressions run on. No Jinja: a run in which all is kept starts without it.

`printing` turns values into the bytes of an XML part; `objects` are the things that a template meets beside its data
(an undefined name, the loop, a namespace); `sandbox` says what a template may reach and how far it may go; `filters`
are the filters and tests that run here. What needs more of Jinja runs on Jinja's own run-time (`engine`).
"""
