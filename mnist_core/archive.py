"""Read strangers' model files, which are zip archives: their unpacked size is bounded before anything is unpacked."""

import zipfile

from mnist_core.errors import ModelFileError

# What NumPy and Keras write. Others are seldom meant well: LZMA lets a file of a few bytes ask for gigabytes.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def check_archive(archive: zipfile.ZipFile, most_bytes: int, name: str) -> None:
    """Check what the archive of the model file called `name` declares.

    Raises
    ------
    ModelFileError
        It unpacks to more than `most_bytes`, is encrypted, or is compressed other than by Deflate.
    """
    for entry in archive.infolist():
        if entry.compress_type not in _METHODS or entry.flag_bits & 1:
            raise ModelFileError(
                f"{name}: expected entries that are stored or deflated and not encrypted, found others. "
                "Save the model again."
            )
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > most_bytes:
        raise ModelFileError(
            f"{name}: expected at most {most_bytes:,} bytes unpacked, found {unpacked:,}. Use a smaller network."
        )


def read_entry(archive: zipfile.ZipFile, entry: str) -> bytes:
    """Return the content of an entry, never more than it declares, and check its checksum."""
    with archive.open(entry) as stream:
        # Without a size, read() would unpack everything at once and only then cut it to the declared size.
        return stream.read(archive.getinfo(entry).file_size)
