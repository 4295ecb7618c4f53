"""What can go wrong, with what to do about it, in Chinese and in English."""

from __future__ import annotations


class TiaowenError(Exception):
    """Base of every error that a user may see.

    ``code`` is stable and machine-readable, ``message`` says what happened and ``remedy`` what
    to do next; both say it in Chinese and in English.
    """

    code: str = "error"
    template: str = "{detail}"
    remedy: str = "请检查输入后重试 / check the input and try again"

    def __init__(self, detail: str = "", *, remedy: str = "") -> None:
        self.message = self.template.format(detail=detail)
        if remedy:
            self.remedy = remedy
        super().__init__(f"{self.message} | {self.remedy}")


class ReadingError(TiaowenError):
    """A file that cannot be read as a document."""

    code = "unreadable"


class UnknownFormat(ReadingError):
    """The content is none of the formats that are read."""

    code = "unknown_format"
    template = "不认识的文件类型 / unknown file type: {detail}"
    remedy = (
        "请另存为 txt、md、html、docx 或 pdf 后重试 / "
        "save it as txt, md, html, docx or pdf and retry"
    )


class EmptyFile(ReadingError):
    """The file holds no readable character."""

    code = "empty_file"
    template = "文件没有文字内容 / the file holds no text: {detail}"
    remedy = "请确认文件已完整上传并含有正文 / check that the upload is complete and has a body"


class EncryptedFile(ReadingError):
    """The file asks for a password."""

    code = "encrypted_file"
    template = "文件已加密 / the file is encrypted: {detail}"
    remedy = "请去除密码后重试 / remove the password and retry"


class ScannedPdf(ReadingError):
    """The PDF holds pictures of pages and no text."""

    code = "scanned_pdf"
    template = "PDF 是扫描图像,没有文字层 / the PDF is a scan without text: {detail}"
    remedy = "请先做文字识别(OCR)后重试 / run OCR on it first and retry"


class BrokenFile(ReadingError):
    """The bytes are damaged or not what they pose as."""

    code = "broken_file"
    template = "文件已损坏或不完整 / the file is broken or incomplete: {detail}"
    remedy = "请重新下载或重新导出后重试 / download or export it again and retry"


class TooLarge(ReadingError):
    """The file, or what it unpacks to, is larger than what is read."""

    code = "too_large"
    template = "文件过大 / the file is too large: {detail}"
    remedy = "请拆分后重试 / split it and retry"
