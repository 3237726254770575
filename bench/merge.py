"""How fast documents are merged: ours against docxtpl and others, on one form and one table. Run: `make bench`.

Every engine gets the same layout and data. Rounds are interleaved (A B C, A B C ...) and medians are compared, since
absolute times move with the machine. Times are of the processor (user and system), since others may use the machine
too; nothing here waits, so on an idle one they are the wall's. The floor is the least that any engine must do: CRC and
deflate of the parts that change, by the same codec and level, and the write of the file. Files go to memory (tmpfs)
where the system has it.
"""

from __future__ import annotations

import argparse
import copy
import gc
import importlib.util
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docxtpl import DocxTemplate

from dvk_docs import archive
from dvk_docs.package import unpack
from dvk_docs.templating import Template

HERE = Path(__file__).resolve().parent
FIELDS = 14
COLUMNS = 8
WITH_ISAL = importlib.util.find_spec("isal") is not None
WITH_MAILMERGE = importlib.util.find_spec("mailmerge") is not None
Run = Callable[[], object]


# --- the layouts, in each engine's notation ---------------------------------------------------------------------


def _slim(document: Document) -> bytes:
    """Save without python-docx's 750 KB of styles that no Word file has."""
    styles = document.styles.element
    for style in list(styles.findall(qn("w:style"))):
        if style.get(qn("w:default")) != "1" and style.get(qn("w:styleId")) not in {"TableGrid", "Heading1"}:
            styles.remove(style)
    out = io.BytesIO()
    document.save(out)
    parts = unpack(out.getvalue())
    from dvk_docs.package import pack

    return pack(parts)


def _put(paragraph: Any, text: str, field: str, fields: bool, split: bool = False) -> None:
    """Write words with a field in them: a Jinja tag, or Word's own MERGEFIELD. `split` as Word splits runs."""
    before, _, after = text.partition("@")
    _run(paragraph, before)
    if fields:
        simple = OxmlElement("w:fldSimple")
        simple.set(qn("w:instr"), f" MERGEFIELD {field.rpartition('.')[2]} ")
        run, words = OxmlElement("w:r"), OxmlElement("w:t")
        words.text = f"«{field}»"
        run.append(words)
        simple.append(run)
        paragraph._p.append(simple)
    elif split:
        _run(paragraph, "{{ ")
        mark = OxmlElement("w:proofErr")
        mark.set(qn("w:type"), "spellStart")
        paragraph._p.append(mark)
        _run(paragraph, field)
        _run(paragraph, " }}")
    else:
        _run(paragraph, f"{{{{ {field} }}}}")
    _run(paragraph, after)


def _run(paragraph: Any, text: str) -> None:
    """Write a run as Word does: with its font and size."""
    if text:
        run = paragraph.add_run(text)
        run.font.name, run.font.size = "Times New Roman", Pt(14)
        paragraph.paragraph_format.space_after = Pt(6)


def form(fields: bool = False) -> bytes:
    """One page: a head of two columns, 14 sentences (some tags split in runs), two conditions, a table of signatures.

    Where the engine can, tags stand in the footer and in the title property, too.
    """
    document = docx.Document()
    head = document.add_table(1, 2).rows[0].cells
    _put(head[0].paragraphs[0], "@", "co_quan", fields)
    _put(head[1].paragraphs[0], "ĐẢNG CỘNG SẢN VIỆT NAM @", "ngay", fields)
    for n in range(FIELDS):
        text = f"Điều {n}. Nội dung của điều này là @ theo quy định hiện hành của địa phương."
        _put(document.add_paragraph(), text, f"f{n}", fields, split=n % 3 == 0)
    if not fields:
        for tag, field in (("co_ghi_chu", "f1"), ("co_phu_luc", "f2")):
            _run(document.add_paragraph(), f"{{%p if {tag} %}}")
            _put(document.add_paragraph(), "Ghi chú: @", field, fields)
            _run(document.add_paragraph(), "{%p endif %}")
    sign = document.add_table(1, 2).rows[0].cells
    _put(sign[0].paragraphs[0], "Nơi nhận: @", "noi_nhan", fields)
    _put(sign[1].paragraphs[0], "T/M BAN THƯỜNG VỤ @", "nguoi_ky", fields)
    if not fields:
        document.sections[0].footer.paragraphs[0].text = "Trang của {{ co_quan }}"
        document.core_properties.title = "{{ f0 }}"
    return _slim(document)


def table(fields: bool = False) -> bytes:
    """A list on its side: a head row, and a row of eight columns (one bold, one italic) that is repeated."""
    document = docx.Document()
    made = document.add_table(2 if fields else 4, COLUMNS)
    for n, cell in enumerate(made.rows[0].cells):
        cell.text = f"Cột {n}"
    if not fields:
        made.rows[1].cells[0].text, made.rows[3].cells[0].text = "{%tr for r in rows %}", "{%tr endfor %}"
    for n, cell in enumerate(made.rows[1 if fields else 2].cells):
        _put(cell.paragraphs[0], "@", f"r.c{n}", fields)
        for run in cell.paragraphs[0].runs:
            run.bold, run.italic = (n == 1) or None, (n == 2) or None
    return _slim(document)


def form_data(number: int = 0) -> dict[str, Any]:
    values = {f"f{n}": f"giá trị số {n} của văn bản {number}, viết bằng tiếng Việt" for n in range(FIELDS)}
    names = {"co_quan": "ĐẢNG UỶ XÃ BÌNH AN", "ngay": "ngày 05 tháng 02 năm 2026", "nguoi_ky": "Nguyễn Văn An"}
    return {**values, **names, "noi_nhan": "Như trên & lưu", "co_ghi_chu": True, "co_phu_luc": False}


def table_data(rows: int) -> dict[str, Any]:
    return {"rows": [{f"c{n}": f"Ô {n} dòng {row} có chữ" for n in range(COLUMNS)} for row in range(rows)]}


# --- the engines ---------------------------------------------------------------------------------------------------


def docxtpl_fresh(source: bytes, data: Mapping[str, Any], target: Path) -> None:
    template = DocxTemplate(io.BytesIO(source))
    template.render(dict(data), autoescape=True)
    template.save(target)


def docxtpl_reused(template: DocxTemplate, data: Mapping[str, Any], target: Path) -> None:
    template.render(dict(data), autoescape=True)
    template.save(target)


def mailmerge(source: bytes, data: Mapping[str, Any], target: Path) -> None:
    from mailmerge import MailMerge

    with MailMerge(io.BytesIO(source)) as document:
        if "rows" in data:
            document.merge_rows("c0", data["rows"])
        else:
            document.merge(**{k: v for k, v in data.items() if isinstance(v, str)})
        document.write(target)


def by_hand_form(source: bytes, data: Mapping[str, Any], target: Path) -> None:
    """python-docx as a careful user writes it: open, replace in each run, save."""
    document = docx.Document(io.BytesIO(source))
    paragraphs = [*document.paragraphs, *(p for t in document.tables for c in t.rows[0].cells for p in c.paragraphs)]
    shown = True
    for paragraph in [*paragraphs, *document.sections[0].footer.paragraphs]:
        text, runs = paragraph.text, paragraph.runs
        if "{%p" in text or not shown:
            shown = bool(data[text.split()[2]]) if "{%p if" in text else "endif" in text
            paragraph._p.getparent().remove(paragraph._p)
        elif "{{ " in text:
            key = text.partition("{{ ")[2].partition(" }}")[0]
            runs[0].text = text.replace(f"{{{{ {key} }}}}", str(data[key]))
            for run in runs[1:]:
                run.text = ""
    document.save(str(target))


def by_hand_table(source: bytes, data: Mapping[str, Any], target: Path) -> None:
    document = docx.Document(io.BytesIO(source))
    made = document.tables[0]._tbl
    first, model, last = made.tr_lst[1:4]
    for row in data["rows"]:
        new = copy.deepcopy(model)
        for n, text in enumerate(t for t in new.iter(qn("w:t")) if t.text):
            text.text = row[f"c{n}"]
        last.addprevious(new)
    for old in (first, model, last):
        made.remove(old)
    document.save(str(target))


def ours(template: Template, data: Mapping[str, Any], target: Path) -> None:
    target.write_bytes(template.render(data))


def floor(fixed: archive.Members, made: list[tuple[str, bytes]], how: archive.Codec, target: Path) -> None:
    target.write_bytes(archive.archive(fixed, ((name, (part,)) for name, part in made), how))


def engines(source: bytes, merged: bytes, data: Mapping[str, Any], folder: Path) -> dict[str, Run]:
    """Return name -> one merge, ours by codec with its floor beside it."""
    target = folder / "a.docx"
    out: dict[str, Run] = {
        "docxtpl": partial(docxtpl_fresh, source, data, target),
        "docxtpl reused": partial(docxtpl_reused, DocxTemplate(io.BytesIO(source)), data, target),
        "python-docx by hand": partial(by_hand_table if "rows" in data else by_hand_form, source, data, target),
    }
    if WITH_MAILMERGE:
        out["docx-mailmerge2"] = partial(mailmerge, merged, data, target)
    for codec, level in [("zlib", 3), ("zlib", 6)] + ([("isal", 2)] if WITH_ISAL else []):
        template = Template(source, codec=codec, level=level)
        changed, whole = {part.name for part in template._parts}, unpack(template.render(data))
        fixed = archive.members({name: part for name, part in whole.items() if name not in changed})
        made = [(name, part) for name, part in whole.items() if name in changed]
        out[f"dvk {codec} {level}"] = partial(ours, template, data, target)
        out[f"floor {codec} {level}"] = partial(floor, fixed, made, archive.codec(codec, level), target)
    return out


# --- measuring -----------------------------------------------------------------------------------------------------


def medians(runs: Mapping[str, Run], rounds: int, seconds: float) -> dict[str, float]:
    """Return the median seconds of each run; a round gives each about `seconds`, one after the other.

    A run of less than that is measured in each of `rounds`, a longer one in every third.
    """
    often = {}
    for name, run in runs.items():
        run()
        start = time.process_time()
        run()
        often[name] = max(1, min(200, int(seconds / (time.process_time() - start + 1e-6))))
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds):
        for name, run in runs.items():
            if often[name] == 1 and number % 3:
                continue
            gc.collect()
            run()  # each engine finds its own code and data in the caches, not those of the one before
            start = time.process_time()
            for _ in range(often[name]):
                run()
            taken[name].append((time.process_time() - start) / often[name])
    return {name: statistics.median(times) for name, times in taken.items()}


def show(title: str, found: Mapping[str, float]) -> dict[str, dict[str, float]]:
    base, rows = found["docxtpl"], {}
    others = min(t for n, t in found.items() if not n.startswith(("dvk", "floor", "docxtpl")))
    print(f"\n{title}\n  {'engine':24}{'ms':>10}{'x docxtpl':>11}{'x fastest other':>17}{'of the floor':>14}")
    for name, took in found.items():
        limit = found.get(name.replace("dvk", "floor")) if name.startswith("dvk") else None
        share = f"{took / limit:.2f}" if limit else ""
        fastest = f"{others / took:.1f}" if limit else ""
        print(f"  {name:24}{took * 1e3:10.3f}{base / took:11.1f}{fastest:>17}{share:>14}")
        rows[name] = {"ms": took * 1e3, "ratio": base / took, **({"of_floor": took / limit} if limit else {})}
    return rows


def peak() -> float:
    """The most memory that this process has held, MB (a child's ru_maxrss begins with its parent's on Linux)."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


_GROWTH = """
import json, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import merge
from dvk_docs.templating import Template
template = Template(merge.form())
def run(count):
    start = time.process_time()
    for number in range(count):
        merge.ours(template, merge.form_data(number), Path(sys.argv[2]))
    return (time.process_time() - start) / count * 1e6, merge.peak()
run(200)
print(json.dumps([run(1000), run(10000)]))
"""

_SCRIPT = """
import json, sys
from docxtpl import DocxTemplate
template = DocxTemplate(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    data = json.load(file)
template.render(data, autoescape=True)
template.save(sys.argv[3])
"""

_OURS = """
import json, sys
from pathlib import Path
from dvk_docs.templating import Template
template = Template(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    data = json.load(file)
Path(sys.argv[3]).write_bytes(template.render(data))
"""

_STREAM = """
import sys, time
from dvk_docs.templating import Template
def peak():
    line = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
template = Template(sys.argv[1])
base = peak()
def rows():
    for row in range(20000):
        yield {f"c{n}": f"Ô {n} dòng {row} có chữ" for n in range(8)}
start = time.perf_counter()
with open(sys.argv[2], "w+b") as file:
    template.render_to({"rows": rows()}, file)
print(time.perf_counter() - start, base, peak())
"""


def python(code: str, *arguments: str) -> str:
    return subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True).stdout


def growth(folder: Path) -> dict[str, float]:
    small, large = json.loads(python(_GROWTH, str(HERE), str(folder / "g.docx")))
    print("\nGrowth: forms in one process (time with the data made and the file written)")
    print(f"   1,000 documents {small[0]:8.1f} us each, peak {small[1]:6.1f} MB")
    print(f"  10,000 documents {large[0]:8.1f} us each, peak {large[1]:6.1f} MB ({large[1] - small[1]:+.1f} MB)")
    return {"us_1000": small[0], "us_10000": large[0], "growth_mb": large[1] - small[1]}


def stream(folder: Path) -> dict[str, float]:
    source = folder / "table.docx"
    source.write_bytes(table())
    Template(source)  # compiled and kept, so that the run below is a second run
    took, base, most = map(float, python(_STREAM, str(source), str(folder / "s.docx")).split())
    print(f"\nStreamed: 20,000 rows from a generator in {took:.2f} s, peak {most:.1f} MB ({base:.1f} MB before)")
    return {"seconds": took, "peak_mb": most}


def cold(folder: Path, rounds: int) -> dict[str, float]:
    """The whole of a program, interpreter start included, second run (compiled template kept)."""
    source, data, made = folder / "form.docx", folder / "form.json", str(folder / "c.docx")
    source.write_bytes(form())
    data.write_text(json.dumps(form_data()), encoding="utf-8")
    samples = HERE.parent / "samples" / "quyet-dinh-cong-nhan" / "day-du.json"
    make = ["-m", "dvk_docs", "make", "quyet-dinh-cong-nhan", str(samples), "-o", made]
    commands = {
        "empty interpreter": ["-c", "pass"],
        "docxtpl, ten lines": ["-c", _SCRIPT, str(source), str(data), made],
        "Template.render": ["-c", _OURS, str(source), str(data), made],
        "dvk make": make,
    }
    # an installed package has its modules compiled; so must a source tree that was never run
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(HERE.parent / "dvk_docs")], check=False)
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for n in range(rounds + 1):
        for name, arguments in commands.items():
            Path(made).unlink(missing_ok=True)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run([sys.executable, *arguments], capture_output=True, check=True, cwd=HERE.parent)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            if n and done.returncode == 0:
                taken[name].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    found = {name: statistics.median(times) for name, times in taken.items()}
    print("\nCold: one form, interpreter start included (second run: what is compiled is kept)")
    for name, took in found.items():
        print(f"  {name:24}{took * 1e3:8.0f} ms{took / found['docxtpl, ten lines']:8.2f} of the docxtpl script")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--only", default="form,20,200,2000,growth,stream,cold")
    options = parser.parse_args()
    wanted = options.only.split(",")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(dir=memory) as name:
        folder = Path(name)
        if "form" in wanted:
            runs = engines(form(), form(fields=True), form_data(), folder)
            figures["form"] = show("One-page form", medians(runs, options.rounds, 0.05))
        for rows in (20, 200, 2000):
            if str(rows) in wanted:
                runs = engines(table(), table(fields=True), table_data(rows), folder)
                figures[f"table {rows}"] = show(f"Table of {rows:,} rows", medians(runs, options.rounds, 0.05))
        for part, measure in (("growth", growth), ("stream", stream)):
            if part in wanted:
                figures[part] = measure(folder)
        if "cold" in wanted:
            figures["cold"] = cold(folder, options.rounds)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
