"""How reading and checking a workbook grows with its rows: time as a ratio to openpyxl's own reading, and peak memory.

    python bench/workbook.py

Each size is read in a process of its own, so that its peak memory is its own; openpyxl (read-only, values alone) reads
the same file in the same run. Linear growth: ten times the rows, ten times the time.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

SIZES = (500, 1_000, 2_000, 5_000)
ROUNDS = 3


def workbook_of(rows: int) -> bytes:
    """A year of so many models and people, with a paragraph of prose each."""
    from dvk_docs import workbook
    from dvk_docs.catalog import Catalog

    people = [
        {"ma": f"NG{n:05}", "ho_ten": f"Nguyễn Văn {'ABCDĐEGHIK'[n % 10]} {n}", "gioi_tinh": "nam", "don_vi": "DV01"}
        for n in range(rows)
    ]
    models = [
        {"ma": f"MH{n:05}", "ten": f"Đường hoa tự quản số {n}", "linh_vuc": "kinh_te", "loai_hinh": "xay_moi",
         "ca_nhan": f"NG{n:05}", "thuc_trang": [f"Đoạn đường số {n} còn rác, chưa có người phụ trách."]}
        for n in range(rows)
    ]  # fmt: skip
    units = [{"ma": "DV01", "ten": "Chi bộ thôn Đông", "loai": "chi_bo"}]
    year = {"phien_ban": 1, "thong_tin": {"nam": 2026}, "don_vi": units, "nguoi": people, "mo_hinh": models}
    return workbook.write(Catalog().year_schema(), year)


def ours(file: Path) -> int:
    from dvk_docs import making

    return len(making.check(making.read(file), "2026-03-01").problems)


def openpyxl_alone(file: Path) -> int:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()), read_only=True, data_only=True)
    return sum(1 for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for value in row if value)


def measure(what: str, file: Path) -> None:
    """In a process of its own: the shortest of some rounds, and the peak memory."""
    act = {"ours": ours, "openpyxl": openpyxl_alone}[what]
    best = min(_timed(act, file) for _ in range(ROUNDS))
    print(json.dumps({"seconds": best, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def _timed(act: object, file: Path) -> float:
    start = time.process_time()
    act(file)  # type: ignore[operator]
    return time.process_time() - start


def main() -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        print(f"{'rows':>6} {'ms':>8} {'ms/100 rows':>12} {'x openpyxl':>11} {'peak MB':>8}")
        for rows in SIZES:
            file = Path(folder) / f"{rows}.xlsx"
            file.write_bytes(workbook_of(rows))
            found = {}
            for what in ("ours", "openpyxl"):
                words = [sys.executable, __file__, what, str(file)]
                found[what] = json.loads(subprocess.run(words, capture_output=True, check=True, text=True).stdout)
            seconds = found["ours"]["seconds"]
            ratio = seconds / found["openpyxl"]["seconds"]
            each, peak = seconds * 1e5 / rows, found["ours"]["mb"]
            print(f"{rows:>6} {seconds * 1e3:>8.0f} {each:>12.1f} {ratio:>11.1f} {peak:>8.0f}")


if __name__ == "__main__":
    measure(sys.argv[1], Path(sys.argv[2])) if len(sys.argv) > 2 else main()
