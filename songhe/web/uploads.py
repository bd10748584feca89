"""Files sent in a form: kept in a file without a name while the request lasts, so that none is ever left behind."""

from __future__ import annotations

import tempfile
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from songhe.web.bodies import limit_for


class UnnamedFiles(FileUploadHandler):
    """Refuses a request that is larger than its path may be before reading it, and a file that grows beyond that."""

    _file: IO[bytes]
    _limit: int

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **more: Any) -> None:
        self._limit = limit_for(META.get("PATH_INFO", ""))
        if content_length > self._limit:
            raise RequestDataTooBig("the request is too large for its address")

    def new_file(self, *args: Any, **more: Any) -> None:
        super().new_file(*args, **more)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > self._limit:
            raise RequestDataTooBig("the file is too large for its address")
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self._file.seek(0)
        return UploadedFile(self._file, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()
