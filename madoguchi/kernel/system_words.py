"""Why the operating system did not open a file, in words of the desk (開けない理由)."""

from __future__ import annotations

import errno
from collections.abc import Mapping

_WORDS: Mapping[int, str] = {
    errno.ENOENT: "見つかりません",
    errno.EACCES: "権限がありません",
    errno.EPERM: "権限がありません",
    errno.EISDIR: "ファイルではなくフォルダーです",
    errno.ENOTDIR: "途中の名前がフォルダーではありません",
    errno.EEXIST: "同じ名前のものがあります",
    errno.ENOSPC: "ディスクに空きがありません",
    errno.EDQUOT: "割り当てられた容量を使い切っています",
    errno.EROFS: "書き込めないディスクです",
    errno.ENAMETOOLONG: "名前が長すぎます",
    errno.ENOTEMPTY: "フォルダーが空ではありません",
    errno.EIO: "ディスクが読み書きに失敗しました",
}


def words_of(error: OSError) -> str:
    """Say why in Japanese; what is rare stays as the system says it, with its number (理由)."""
    if (words := _WORDS.get(error.errno or 0)) is not None:
        return words
    return f"{error.strerror or type(error).__name__} [{error.errno}]"
