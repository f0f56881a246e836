#!/usr/bin/env python3
"""Check an exported case without Kesu: nothing but Python's standard library, and short enough to be read.

    python3 docs/verify_capsule.py C-1042.kesu.json

It checks that every event has the hash of its content and of the event before it, that the files of the release have
the digest the case was opened on, that attachments have their hashes, and, where the capsule holds a ledger proof,
that it leads to its root. It does not run the procedure again; `kesu verify --capsule FILE` does.
"""

import base64
import hashlib
import json
import sys


def canonical(value):
    """Sorted keys, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def events(capsule):
    """The hash of an event covers its place, its kind, its time, who did it, the hash before it, and its facts."""
    before = "0" * 64
    for place, event in enumerate(capsule["events"], start=1):
        head = {
            "case": capsule["case"], "seq": event["seq"], "kind": event["kind"], "at": event["at"],
            "who": event["who"], "prev": before,
        }  # fmt: skip
        digest = sha256(canonical(head) + b"\n" + canonical(event["facts"]))
        if event["seq"] != place or event["previous"] != before or event["hash"] != digest:
            yield f"event {place} does not fit the chain: it, or one before it, was altered"
            return
        before = digest
    if not capsule["events"]:
        yield "there are no events"


def release(capsule):
    """The digest of a release covers the path and the hash of every file."""
    found = set()
    for digest, files in {capsule["release"]: capsule["files"], **capsule.get("earlier", {})}.items():
        lines = "".join(f"{path}\0{sha256(text.encode())}\n" for path, text in sorted(files.items()))
        if sha256(lines.encode()) != digest:
            yield f"the files of release {digest} were altered"
        found.add(digest)
    # A case is opened on one release, and may have been moved to others: each must be here, the last one as its own.
    steps = [e["facts"]["release"] for e in capsule["events"] if e["kind"] in ("case_opened", "case_moved")]
    if not steps or steps[-1] != capsule["release"] or not set(steps) <= found:
        yield "the files of the release are not those the case was opened on, or was moved to"


def attachments(capsule):
    """An attachment is called by the hash of its content."""
    for name, content in capsule["attachments"].items():
        if sha256(base64.b64decode(content)) != name:
            yield f"attachment {name} was altered"


def ledger(capsule):
    """RFC 9162: the leaf, hashed upwards with its neighbours, gives the root that was published."""
    proof = capsule["ledger"]
    if proof is None:
        return
    leaf = canonical({"case": capsule["case"], "hash": proof["hash"], "seq": proof["seq"]})
    node, place, last = hashlib.sha256(b"\0" + leaf).digest(), proof["place"], proof["size"] - 1
    for step in map(bytes.fromhex, proof["path"]):
        if place % 2 or place == last:
            node = hashlib.sha256(b"\1" + step + node).digest()
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + step).digest()
        place, last = place >> 1, last >> 1
    known = {event["seq"]: event["hash"] for event in capsule["events"]}
    if last or node.hex() != proof["root"] or known.get(proof["seq"]) != proof["hash"]:
        yield "the ledger proof does not lead to its root"


def main(path):
    with open(path, encoding="utf-8") as file:
        capsule = json.load(file)
    if not isinstance(capsule, dict) or capsule.get("kesu_capsule") != 1:
        print(f"{path} is no capsule")
        return 2
    faults = [fault for check in (events, release, attachments, ledger) for fault in check(capsule)]
    for fault in faults:
        print(fault)
    if not faults:
        last = capsule["events"][-1]["hash"]
        print(
            f"{capsule['case']}: {len(capsule['events'])} events hold; last hash {last}; release {capsule['release']}"
        )
        if capsule["ledger"]:
            print(f"in the ledger of size {capsule['ledger']['size']} with root {capsule['ledger']['root']}")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
