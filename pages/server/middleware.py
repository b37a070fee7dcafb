"""What stands between a request and Streamlit, outermost first."""

from starlette.middleware import Middleware

from pages.server.addresses import TrustedAddresses
from pages.server.compression import CompressedBundles
from pages.server.origins import OwnOriginOnly
from pages.server.private_metrics import PrivateMetrics
from pages.server.security_headers import SecurityHeaders
from pages.server.uploads import BoundedUploads
from pages.server.visitor_cookie import VisitorCookie

MIDDLEWARE = (
    Middleware(TrustedAddresses),
    Middleware(SecurityHeaders),
    Middleware(OwnOriginOnly),
    Middleware(PrivateMetrics),
    Middleware(BoundedUploads),
    Middleware(VisitorCookie),
    Middleware(CompressedBundles),
)
