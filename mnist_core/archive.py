"""Read model files, which are zip archives, from strangers: what they unpack to is bounded before it is unpacked."""

import zipfile

from mnist_core.errors import ModelFileError

# What NumPy and Keras write. Others are seldom meant well: LZMA lets a file of a few bytes ask for gigabytes.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def check_archive(archive: zipfile.ZipFile, most_bytes: int, name: str) -> None:
    """Check what the archive of the model file `name` declares.

    Raises
    ------
    ModelFileError
        It unpacks to more than `most_bytes`, is encrypted, or is packed by another method than Deflate.
    """
    for entry in archive.infolist():
        if entry.compress_type not in _METHODS or entry.flag_bits & 1:
            raise ModelFileError(
                f"{name}: expected entries that are stored or deflated and not encrypted, found another kind. "
                "Save the model again."
            )
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > most_bytes:
        raise ModelFileError(
            f"{name}: expected at most {most_bytes:,} bytes unpacked, found {unpacked:,}. Use a smaller network."
        )


def read_entry(archive: zipfile.ZipFile, entry: str) -> bytes:
    """Return the content of an entry, which is never more than it declares, and compare its checksum."""
    with archive.open(entry) as stream:
        # Without a size, read() would unpack everything at once and only then cut it to the declared size.
        return stream.read(archive.getinfo(entry).file_size)
