"""What surrounds the pages: what starts and ends with the server, and what it serves beside them."""
