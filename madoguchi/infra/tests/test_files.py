import stat

import pytest

from madoguchi.infra import files


def test_a_name_once_taken_is_never_written_again(tmp_path, settings):
    settings.MADOGUCHI_HOME = tmp_path
    path = files.private_folder("papers") / "one.pdf"
    files.create_exclusively(path, b"first")
    with pytest.raises(FileExistsError):
        files.create_exclusively(path, b"second")
    assert path.read_bytes() == b"first"


def test_only_this_account_may_read(tmp_path, settings):
    settings.MADOGUCHI_HOME = tmp_path
    folder = files.private_folder("papers")
    files.create_exclusively(folder / "one.pdf", b"x")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "one.pdf").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["..", ".", "", "a/b"])
def test_a_folder_name_cannot_lead_elsewhere(name, tmp_path, settings):
    settings.MADOGUCHI_HOME = tmp_path
    with pytest.raises(AssertionError):
        files.private_folder(name)
