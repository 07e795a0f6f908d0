"""Why the system would not write, in both languages."""

from __future__ import annotations

import errno
from pathlib import Path

from optimizer.language.text import Text

_REASONS = {
    errno.ENOSPC: Text("磁碟空間不足", "no space is left on the disk"),
    errno.EDQUOT: Text("超過可用的磁碟配額", "the disk quota is used up"),
    errno.EFBIG: Text("檔案超過系統允許的大小", "a file would be larger than the system allows"),
    errno.EACCES: Text("沒有寫入權限", "there is no permission to write there"),
    errno.EPERM: Text("系統不允許", "the system does not allow it"),
    errno.EROFS: Text("磁碟為唯讀", "the disk is read-only"),
    errno.ENAMETOOLONG: Text("名稱太長", "the name is too long"),
    errno.EBUSY: Text("正由其他程式或系統使用", "it is in use by another program or the system"),
    errno.ENOTDIR: Text(
        "路徑中有一段是檔案，不是資料夾", "a part of its path is a file, not a folder"
    ),
    errno.EEXIST: Text(
        "路徑中有一段是檔案，不是資料夾", "a part of its path is a file, not a folder"
    ),
    errno.EISDIR: Text("這是資料夾，不是檔案", "it is a folder, not a file"),
    errno.ELOOP: Text("連結繞成一圈", "its links go in a circle"),
    errno.ENOENT: Text("路徑不存在", "its path is not there"),
    errno.EIO: Text("磁碟讀寫錯誤", "the disk reports an error"),
    errno.EBADF: Text("已關閉", "it is closed"),
    errno.EPIPE: Text("接收的程式已結束", "the program that reads it has ended"),
    errno.EMFILE: Text("開啟的檔案太多", "too many files are open"),
}


def reason(error: OSError) -> Text:
    """Say why the system would not write."""
    if (folder := _that_takes_nothing(error)) is not None:
        return Text(
            f"系統不允許在 {folder} 內新增檔案或資料夾",
            f"the system lets no file or folder be made in {folder}",
        )
    said = error.strerror or type(error).__name__
    return _REASONS.get(error.errno or 0, Text(said, said))


def _that_takes_nothing(error: OSError) -> Path | None:
    """Return the folder that is there, but in which the system makes nothing, as /proc; None if not that."""
    name = error.filename
    if error.errno != errno.ENOENT or error.filename2 is not None or not isinstance(name, str):
        return None
    return folder if (folder := Path(name).parent).is_dir() else None
