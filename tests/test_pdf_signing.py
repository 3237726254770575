"""The fields that are left empty, signed with a throw-away key: the signature holds and covers the whole file.

Needs pyHanko (pip install -e '.[sign-test]'); the program itself never signs.
"""

from __future__ import annotations

import datetime
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from positions import sample_papers

from dvk_docs import cli, pdf
from dvk_docs.errors import ToolMissing
from dvk_docs.pdf import fonts

pytest.importorskip("pyhanko.sign", reason="pyHanko is not installed: pip install 'dvk-docs[sign-test]'")
from asn1crypto import keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore


@pytest.fixture(scope="module")
def made(samples: Path) -> bytes:
    try:
        fonts.find()
    except ToolMissing:
        pytest.skip("no font with the Vietnamese letters: dvk doctor --fix")
    return pdf.convert(sample_papers(samples)["bien-ban-binh-xet.day-du"])


@pytest.fixture(scope="module")
def signer() -> signers.SimpleSigner:
    """A key made for this run, and its own certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = certificates.Name([certificates.NameAttribute(certificates.NameOID.COMMON_NAME, "Khoá thử")])
    start = datetime.datetime(2020, 1, 1)
    usage = certificates.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        certificates.CertificateBuilder(name, name, key.public_key(), 1, start, start.replace(year=2090))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    known = x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
    secret = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    store = SimpleCertificateStore()
    store.register(known)
    return signers.SimpleSigner(known, keys.PrivateKeyInfo.load(secret), store)


def sign(file: bytes, name: str, signer: signers.SimpleSigner) -> bytes:
    wanted = signers.PdfSignatureMetadata(field_name=name, subfilter=fields.SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(io.BytesIO(file))
    return bytes(signers.PdfSigner(wanted, signer).sign_pdf(writer, existing_fields_only=True).getvalue())


def status(file: bytes, signer: signers.SimpleSigner) -> Any:
    """What is said of the last signature."""
    last = PdfFileReader(io.BytesIO(file)).embedded_signatures[-1]
    return validate_pdf_signature(last, ValidationContext(trust_roots=[signer.signing_cert]))


def names(file: bytes) -> list[str]:
    return [str(name) for name, _, _ in fields.enumerate_sig_fields(PdfFileReader(io.BytesIO(file)))]


def test_each_field_can_be_signed_in_turn_and_each_signature_covers_the_whole_file(
    made: bytes, signer: signers.SimpleSigner
) -> None:
    file = made
    assert names(made) == ["Ky_thu_ky", "Ky_chu_tri", "Dau_co_quan"]
    for name in names(made):
        file = sign(file, name, signer)
        found = status(file, signer)
        assert (found.intact, found.valid, found.bottom_line) == (True, True, True)
        assert found.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert file.startswith(made)


def test_another_program_says_the_same_of_the_signature(
    made: bytes, signer: signers.SimpleSigner, tmp_path: Path
) -> None:
    program = shutil.which("pdfsig")
    if program is None:
        pytest.skip("poppler's pdfsig is not installed")
    file = tmp_path / "a.pdf"
    file.write_bytes(sign(made, "Ky_chu_tri", signer))
    said = subprocess.run([program, "-nocert", str(file)], capture_output=True, encoding="utf-8", check=False).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said


def test_a_signed_paper_is_never_overwritten(
    made: bytes, signer: signers.SimpleSigner, samples: Path, tmp_path: Path
) -> None:
    word, target = tmp_path / "a.docx", tmp_path / "a.pdf"
    word.write_bytes(sample_papers(samples)["bien-ban-binh-xet.day-du"])
    target.write_bytes(made)
    assert pdf.is_ours(target)
    signed = sign(made, "Ky_chu_tri", signer)
    target.write_bytes(signed)
    assert not pdf.is_ours(target)
    assert cli.run(["pdf", str(word), "-o", str(target)]) == 3
    assert target.read_bytes() == signed
