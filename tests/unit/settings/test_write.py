"""Replacing a file that a person keeps."""

import pytest

from monitor.settings.write import replace


def test_a_file_is_replaced_whole_and_keeps_its_permissions(tmp_path):
    (path := tmp_path / "ada.yaml").write_text("old")
    path.chmod(0o640)
    seen = []
    replace(path, "new: ä\n", lambda new: seen.append((new.parent, new.read_bytes(), path.read_text())))
    assert seen == [(tmp_path, "new: ä\n".encode(), "old")]
    assert path.read_bytes() == "new: ä\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_what_does_not_pass_the_check_leaves_the_file_as_it_was(tmp_path):
    (path := tmp_path / "ada.yaml").write_text("old")

    def refuse(_new):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        replace(path, "new", refuse)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
