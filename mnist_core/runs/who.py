"""Who asks: an argument of every function that reads or changes something that has an owner."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Who:
    """A visitor, an administrator, or this machine itself.

    Attributes
    ----------
    identity
        A hash of the browser's cookie or of the address with which somebody has signed in. Runs belong to it.
    address
        The network address that the request came from, for limits; "" where there is none.
    is_administrator
        Whether everything may be seen and done.
    name
        What others may see; "" for a browser without sign-in.
    is_signed_in
        Whether a provider has said who it is, where ``MNIST_SIGN_IN`` asks for that.
    """

    identity: str
    address: str = ""
    is_administrator: bool = False
    name: str = ""
    is_signed_in: bool = False


# Who is not known, and so sees what everybody sees and owns nothing.
ANYBODY = Who("anybody")
# Who works on this machine itself: the command line, workers, the dispatcher. No visitor has such an identity.
OPERATOR = Who("operator", is_administrator=True)
