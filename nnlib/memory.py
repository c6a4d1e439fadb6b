"""Freed memory is kept for the next step. A training step makes and frees the same arrays as the one before; glibc, the
C library of most Linux systems, hands their memory back to the system each time, and a page fetched anew costs more
than the arithmetic on it: a small convolutional network or transformer trains about twice as fast when it is kept."""

import os
import sys

# The numbers of these two settings in glibc's malloc.h, in the order in which they are set; sizes in bytes.
M_MMAP_THRESHOLD, LARGEST = -3, 32 * 2**20  # an array above this is given back at once: the most that glibc allows
M_TRIM_THRESHOLD, KEPT = -1, 128 * 2**20  # of the rest, at most this much stays with the process when it is free


def keep_freed_memory():
    """Ask glibc to keep freed memory; True if it will.

    Elsewhere (macOS, Windows, musl) nothing is done, nor where the environment says already what malloc shall do, by
    MALLOC_TRIM_THRESHOLD_ or MALLOC_MMAP_THRESHOLD_. A process never needs more memory by this than it needed at its
    peak; but of that it may keep KEPT bytes until it ends.
    """
    if sys.platform != "linux" or {"MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"} & os.environ.keys():
        return False
    try:
        from ctypes import CDLL  # numpy has imported it, so this takes no time

        mallopt = CDLL(None).mallopt
    except (ImportError, AttributeError, OSError):
        return False
    # Each of the two alone makes things worse: it ends glibc's own way of raising both.
    return mallopt(M_MMAP_THRESHOLD, LARGEST) == mallopt(M_TRIM_THRESHOLD, KEPT) == 1
