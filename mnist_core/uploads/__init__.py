"""Files from strangers: read one at a time, by a child process with limits of memory and time.

Whatever a file asks for, only its reader can suffer; what the reader took is freed when it ends.
Read in this order: child, __main__ (what runs in the child), models, photos.
"""
