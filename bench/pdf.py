"""How fast PDFs are made: ours against LibreOffice's own batch, on the same Word files. Run: `make bench`.

A batch is one process that turns every file into a PDF, its start included; rounds are interleaved and the medians of
the wall's time compared, since absolute times move with the machine; beside it stands the least CPU time of the rounds.
Memory is the highest that the process (or, of LibreOffice, the greatest of its processes) held. The warm page is CPU
time within one process, the best of many. The package is compiled first, as an installed one is.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import dvk_docs
from dvk_docs import folders, making, pdf
from dvk_docs.errors import ToolMissing
from dvk_docs.pdf import fonts, office

SAMPLES = ("day-du", "ten-rat-dai")
OURS = """
import sys
from pathlib import Path
from dvk_docs import pdf
files = sys.argv[1:]
for name, made in zip(files, pdf.convert_all([Path(f).read_bytes() for f in files])):
    Path(name).with_suffix(".pdf").write_bytes(made)
"""


def paper(kind: str, sample: str) -> bytes:
    """The Word file of a sample; empty where the kind has no such sample."""
    file = folders.root() / "samples" / kind / f"{sample}.json"
    if not file.is_file():
        return b""
    return making.kind(kind).make(json.loads(file.read_text(encoding="utf-8"))).docx


def papers() -> Iterator[bytes]:
    """Sample papers of every kind, over and over."""
    made = [made for kind in making.kinds() for sample in SAMPLES if (made := paper(kind, sample))]
    while made:
        yield from made


class Run(NamedTuple):
    wall: float  # seconds
    cpu: float  # seconds, of its children too
    memory: float  # MB, the most that it or one of its children held


def batch(words: Sequence[str]) -> Run:
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{words[0]} ended with {process.returncode}")
    memory = used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return Run(seconds, used.ru_utime + used.ru_stime, memory)


def warm_page(document: bytes) -> float:
    """CPU milliseconds of one page in a process that has made others before: the best of 30."""
    times = []
    for _ in range(33):
        start = time.process_time()
        pdf.convert(document)
        times.append(time.process_time() - start)
    return min(times[3:]) * 1000


def compare(folder: Path, files: Sequence[str], rounds: int) -> None:
    ours_words = [sys.executable, "-c", OURS, *files]
    found = {"dvk": [batch(ours_words)]}
    try:
        soffice = office.program()
    except ToolMissing as error:
        print(f"LibreOffice: bỏ qua ({error})")
        soffice = None
    if soffice is not None:
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        office_words = [str(soffice), profile, "--headless", "--norestore", "--convert-to", "pdf"]
        office_words += ["--outdir", str(folder / "out"), *files]
        batch(office_words)  # its profile is made once
        found["LibreOffice"] = []
    found["dvk"].clear()
    for _ in range(rounds):
        found["dvk"].append(batch(ours_words))
        if soffice is not None:
            found["LibreOffice"].append(batch(office_words))
    medians = {name: statistics.median(run.wall for run in runs) for name, runs in found.items()}
    least = {name: min(run.cpu for run in runs) for name, runs in found.items()}
    for name, runs in found.items():
        memory = max(run.memory for run in runs)
        times = f"{medians[name]:6.2f} s, CPU {least[name]:5.2f} s"
        print(f"{name:12} {len(files)} văn bản: {times}, nhiều nhất {memory:4.0f} MB")
    if soffice is not None:
        made = len(list((folder / "out").glob("*.pdf")))
        wall, cpu = (took["LibreOffice"] / took["dvk"] for took in (medians, least))
        print(f"nhanh gấp {wall:.1f} lần, CPU ít hơn {cpu:.1f} lần (LibreOffice lập {made} tệp)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    try:
        fonts.find()
    except ToolMissing as error:
        print(f"PDF: bỏ qua ({error})")
        return
    compileall.compile_dir(str(Path(dvk_docs.__file__).parent), quiet=1)
    with tempfile.TemporaryDirectory(prefix="dvk-bench-") as name:
        folder = Path(name)
        files = []
        for number, document in zip(range(given.files), papers(), strict=False):
            file = folder / f"{number:02}.docx"
            file.write_bytes(document)
            files.append(str(file))
        compare(folder, files, given.rounds)
    print(f"một trang, đã nóng máy: {warm_page(paper('quyet-dinh-cong-nhan', 'day-du')):.1f} ms CPU")


if __name__ == "__main__":
    main()
