"""Sign a finished paper, and check one that somebody brings (電子署名; PAdES).

The signature certifies the file and forbids every later change. Checking asks, in this
order: is there a signature, does it cover the whole file, is it ours, and does the text on
the pages agree with the token in the file and in the QR code.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from asn1crypto import cms  # type: ignore[import-untyped]
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from madoguchi.certificates.documents.content import Unreadable
from madoguchi.certificates.documents.keys import SigningKeys, Trust
from madoguchi.certificates.documents.readback import find_qr
from madoguchi.certificates.documents.reading import FileRead, read_pdf, read_token
from madoguchi.certificates.documents.token import verify_token
from madoguchi.certificates.domain.token import TokenContent, check_text
from madoguchi.kernel.outcome import Problem

#: A paper is some 100 kB; more is not one of ours.
PDF_BYTES_MAX = 10_000_000
_FIELD = "Madoguchi"
#: Signature and signed attributes beside the certificates: RSA-4096 needs some 900.
_SIGNATURE_BYTES_MAX = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedPdf:
    """What checking a file found (検証結果); `content` only where its token is ours."""

    problems: tuple[Problem, ...]
    content: TokenContent | None = None

    @property
    def valid(self) -> bool:
        """Say whether this is an unchanged paper of ours (有効)."""
        return not self.problems and self.content is not None


class _DatedSigner(signers.PdfSigner):
    """A signer that takes its time from the caller, as everything here does."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at
        return session


def sign_pdf(pdf: bytes, *, keys: SigningKeys, at: datetime) -> bytes:
    """Sign a paper so that any later change shows (電子署名の付与)."""
    assert at.tzinfo is not None, "a signature without a time zone"
    signer = _DatedSigner(
        signers.PdfSignatureMetadata(
            field_name=_FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        ),
        signer=keys.signer,
        new_field_spec=fields.SigFieldSpec(_FIELD),
        at=at,
    )
    # Without a size given, it would sign everything twice to find one.
    signed = signer.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=_room_for(keys)
    )
    return bytes(signed.getvalue())


def _room_for(keys: SigningKeys) -> int:
    """Return the room for the signature in hexadecimal digits (署名の領域)."""
    own = keys.signer.signing_cert
    assert own is not None, "a signer without a certificate"
    enclosed = sum(len(one.dump()) for one in (own, *keys.signer.cert_registry))
    return 2 * (enclosed + _SIGNATURE_BYTES_MAX)


def verify_pdf(pdf: bytes, *, trust: Trust, at: datetime) -> VerifiedPdf:
    """Check a file against our public keys alone (証明書PDFの検証)."""
    if len(pdf) > PDF_BYTES_MAX or not pdf.startswith(b"%PDF-"):
        return VerifiedPdf(problems=(Problem(code="PDF_UNREADABLE", facts={"detail": "file"}),))
    found = _check_signature(pdf, trust=trust, at=at)
    if found:
        return VerifiedPdf(problems=found)
    try:
        read = read_pdf(pdf)
    except Unreadable as wrong:
        return VerifiedPdf(problems=(Problem(code="PDF_UNREADABLE", facts={"detail": str(wrong)}),))
    return _check_content(pdf, read, trust=trust)


def token_of(pdf: bytes) -> str | Problem:
    """Return the token a file carries, trusting nothing in it (トークンの取出し)."""
    if len(pdf) > PDF_BYTES_MAX:
        return Problem(code="PDF_UNREADABLE", facts={"detail": "file"})
    try:
        return read_token(pdf)
    except Unreadable as wrong:
        return Problem(code="PDF_UNREADABLE", facts={"detail": str(wrong)})


def _check_signature(pdf: bytes, *, trust: Trust, at: datetime) -> tuple[Problem, ...]:
    try:
        signatures = list(PdfFileReader(io.BytesIO(pdf), strict=True).embedded_signatures)
        if not signatures:
            return (Problem(code="PDF_UNSIGNED"),)
        if len(signatures) > 1 or not _is_plain(pdf, signatures[0]):
            return (Problem(code="PDF_EDITED"),)
        context = ValidationContext(trust_roots=list(trust.roots), allow_fetching=False, moment=at)
        return _check_status(
            validate_pdf_signature(signatures[0], signer_validation_context=context)
        )
    except SignatureValidationError:
        return (Problem(code="PDF_EDITED"),)
    except Exception as wrong:  # noqa: BLE001
        # A damaged file breaks the reader anywhere, with whatever error lies nearest: a list of
        # them would have holes, and what cannot be checked is not valid. If the file says that
        # it was signed, somebody or something changed it since; otherwise it is no file of ours.
        if b"/ByteRange" in pdf:
            return (Problem(code="PDF_EDITED"),)
        return (Problem(code="PDF_UNREADABLE", facts={"detail": type(wrong).__name__}),)


def _is_plain(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Say whether the signature is spelled as we spell it, to the last byte.

    The gap that holds the signature is the one part of a file no signature covers: room for
    bytes changed unseen. So it must be what we would write for the same certificate, signed
    attributes and signature value, and zeros after that.
    """
    start, before, after, _ = (int(number) for number in signature.byte_range)
    message = signature.pkcs7_content
    if start != 0 or pdf[before:after] != b"<" + message.hex().upper().encode() + b">":
        return False
    data = cms.ContentInfo.load(message)["content"]
    if len(data["certificates"]) != 1 or len(data["signer_infos"]) != 1:
        return False
    spelled: bytes = _spell(data["certificates"][0].chosen, data["signer_infos"][0])
    return message.startswith(spelled) and not message[len(spelled) :].strip(b"\0")


def _spell(certificate: Any, signer: Any) -> Any:
    """Write the one signature message these parts make (CMS SignedData)."""
    digest = {"algorithm": "sha256"}
    issuer_and_serial = cms.IssuerAndSerialNumber(
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    )
    signed = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": issuer_and_serial}),
            "digest_algorithm": digest,
            "signed_attrs": signer["signed_attrs"],
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": signer["signature"].native,
        }
    )
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "data"},
            "certificates": [certificate],
            "signer_infos": [signed],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()


def _check_status(status: PdfSignatureStatus) -> tuple[Problem, ...]:
    if not status.intact or not status.valid:
        return (Problem(code="PDF_EDITED"),)
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE or not status.docmdp_ok:
        return (Problem(code="PDF_EDITED"),)
    if not status.trusted:
        return (Problem(code="PDF_NOT_OURS"),)
    if not status.bottom_line:
        return (Problem(code="PDF_EDITED"),)
    return ()


def _check_content(pdf: bytes, read: FileRead, *, trust: Trust) -> VerifiedPdf:
    content = verify_token(read.token, keys=trust.token_keys)
    if isinstance(content, Problem):
        return VerifiedPdf(problems=(content,))
    found = list(check_text(content, (page.text for page in read.pages)))
    if content.pages != len(read.pages):
        found.append(
            Problem(
                code="PAGE_MISSING",
                facts={"found": str(len(read.pages)), "planned": str(content.pages)},
            )
        )
    document = pdfium.PdfDocument(pdf)
    try:
        if find_qr(document[len(document) - 1]) != read.token:
            found.append(Problem(code="QR_DIFFERS", where=f"{len(document)}頁"))
    finally:
        document.close()
    return VerifiedPdf(problems=tuple(found), content=content)
