"""The page that makes a copy without its secret (X7): the five questions, and that nothing stays."""

import base64
import re
import tempfile

import pytest
from django.core.files import uploadhandler
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from madoguchi.accounts.testing import kaede, signed_in, tsuru
from tests.redaction.judge import as_file, birth, burn_out, plain_scan

URL = "/dispatch/redact/"


@pytest.fixture
def clerk(client, town):
    return signed_in(client, kaede())


def sent(client, data, template=None, name="scan.png"):
    file = SimpleUploadedFile(name, data, content_type="image/png")
    return client.post(URL, {"scan": file, "template": template or birth().name})


def spread(data):
    """Return the same scan in a file larger than what is spooled to the disk elsewhere."""
    from django.conf import settings

    from madoguchi.dispatch.documents.redaction.taking import take_scan

    big = as_file(take_scan(data), "TIFF")
    return big + b"\0" * max(0, settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1 - len(big))


def test_the_copy_of_the_page_is_the_copy_of_the_command(clerk):
    assert reverse("dispatch:redact") == URL
    assert clerk.get(URL).status_code == 200
    data = plain_scan().data
    answer = sent(clerk, data)
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    found = re.search(r'href="data:application/pdf;base64,([^"]+)"', answer.content.decode())
    assert base64.b64decode(found[1]) == burn_out(data).pdf


def test_without_the_right_and_without_signing_in(client, town):
    assert sent(client, plain_scan().data).status_code in (302, 403)
    assert sent(signed_in(client, tsuru()), plain_scan().data).status_code == 403


def test_what_is_wrong_is_said_and_no_copy_is_there(clerk):
    for data, template in ((b"", None), (b"not a picture", None), (plain_scan().data, "other")):
        answer = sent(clerk, data, template)
        assert answer.status_code == 422
        assert "data:application/pdf" not in answer.content.decode()
    assert "この形のファイルは読めません" in sent(clerk, b"not a picture").content.decode()
    assert clerk.post(URL, {}).status_code == 422


def test_the_scan_stays_nowhere(clerk, settings, tmp_path, monkeypatch):
    spool = tmp_path / "spool"
    spool.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(spool)
    monkeypatch.setattr(tempfile, "tempdir", str(spool))
    opened = []
    real = uploadhandler.TemporaryUploadedFile

    def watched(*given, **named):
        opened.append(given)
        return real(*given, **named)

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", watched)
    mark = b"OF-THE-SCAN-7f3a"
    data = spread(plain_scan().data) + mark
    assert len(data) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert sent(clerk, data, name="f.tif").status_code == 200
    assert not opened and not list(spool.iterdir())
    for file in (one for one in tmp_path.rglob("*") if one.is_file()):
        assert mark not in file.read_bytes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s',
                           [f"%{mark.decode()}%"])  # fmt: skip
            assert cursor.fetchone() == (0,), table
    # The watch works: without the handler the same upload is spooled.
    settings.FILE_UPLOAD_HANDLERS = [
        one for one in settings.FILE_UPLOAD_HANDLERS if not one.endswith("MemoryOnly")
    ]
    sent(clerk, data, name="f.tif")
    assert opened
