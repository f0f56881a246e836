"""Merkle trees as in RFC 9162: hashes, roots, and proofs that anybody can check. No database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

#: Gives the hash of a complete subtree: (level, place on that level).
Subtree = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of what joins two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def completed(place: int, leaf: bytes, subtree: Subtree) -> list[tuple[int, int, bytes]]:
    """The complete subtrees that come to be when leaf `place` is put behind the others, itself first."""
    found = [(0, place, leaf)]
    level, hash_ = 0, leaf
    while place % 2 == 1:
        hash_ = node_hash(subtree(level, place - 1), hash_)
        level, place = level + 1, place // 2
        found.append((level, place, hash_))
    return found


def root(first: int, end: int, subtree: Subtree) -> bytes:
    """The root over leaves `first` to `end` (exclusive)."""
    size = end - first
    if size == 0:
        return hashlib.sha256().digest()
    if size & (size - 1) == 0 and first % size == 0:
        return subtree(size.bit_length() - 1, first // size)
    middle = first + _split(size)
    return node_hash(root(first, middle, subtree), root(middle, end, subtree))


def inclusion(place: int, size: int, subtree: Subtree) -> list[bytes]:
    """The path that leads from leaf `place` to the root of a tree of that size."""
    return _path(place, 0, size, subtree)


def _path(place: int, first: int, end: int, subtree: Subtree) -> list[bytes]:
    if end - first == 1:
        return []
    middle = first + _split(end - first)
    if place < middle:
        return [*_path(place, first, middle, subtree), root(middle, end, subtree)]
    return [*_path(place, middle, end, subtree), root(first, middle, subtree)]


def consistency(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """What shows that a tree of `new` leaves begins with the tree of `old` leaves."""
    return [] if old in (0, new) else _subproof(old, 0, new, True, subtree)


def _subproof(old: int, first: int, end: int, whole: bool, subtree: Subtree) -> list[bytes]:
    size = end - first
    if old == size:
        return [] if whole else [root(first, end, subtree)]
    split = _split(size)
    if old <= split:
        return [*_subproof(old, first, first + split, whole, subtree), root(first + split, end, subtree)]
    rest = _subproof(old - split, first + split, end, False, subtree)
    return [*rest, root(first, first + split, subtree)]


def proves_inclusion(leaf: bytes, place: int, size: int, path: Sequence[bytes], root_: bytes) -> bool:
    """Whether the path leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= place < size:
        return False
    here, last, hash_ = place, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            hash_ = node_hash(step, hash_)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, step)
        here, last = here >> 1, last >> 1
    return last == 0 and hash_ == root_


def proves_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path shows that the new tree begins with the old one (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return old == 0 and not path
    steps = list(path) if old & (old - 1) else [old_root, *path]
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node_hash(second, step)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(size: int) -> int:
    # The largest power of two below the size.
    half: int = 1 << ((size - 1).bit_length() - 1)
    return half
