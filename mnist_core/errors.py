"""The errors a user can cause or meet. Each message says what was expected, what was received and what to do next."""


class DatasetError(ValueError):
    """An IDX file is missing, damaged, of the wrong type or not the file it should be."""


class ConfigFileError(ValueError):
    """A file that should hold a recipe is not JSON, or not an object of its settings."""


class ModelFileError(ValueError):
    """A model file is not one of ours, is damaged, or is larger than allowed."""


class StoreError(RuntimeError):
    """The run store cannot be opened or does not hold what was asked for."""


class StoreUnavailableError(StoreError):
    """The run store cannot be used just now: locked, full, or its server is away. A later attempt may succeed."""


class LimitError(ValueError):
    """A submitted run exceeds a limit that protects the server."""


class RightsError(PermissionError):
    """The person who asks may not do this: it is somebody else's, they are banned, or the server is read-only."""


class EngineError(RuntimeError):
    """The training engine cannot be reached or cannot do what was asked."""


class PhotoError(ValueError):
    """An uploaded file is not a picture, is damaged, or is larger than allowed."""
