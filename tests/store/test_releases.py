"""A release is stored by content, and one of each pack is in force."""

from __future__ import annotations

import pytest

from engine.clock import StoppedClock
from engine.store import PackNotFound, ReleaseNotFound, Store


def test_a_release_is_kept_byte_for_byte(store: Store, clock: StoppedClock) -> None:
    files = {"pack.yaml": "pack: gm\n质量".encode(), "diagrams/a.bpmn": bytes(range(256)), "forms/empty.yaml": b""}
    with store.begin() as tx:
        tx.save_release("d1", pack="gm", files=files, by="ora", at=clock.now(), note="first")
        # The same again changes nothing
        tx.save_release("d1", pack="gm", files={"other": b""}, by="eve", at=clock.now())
    with store.look() as reading:
        assert reading.release("d1") == files
        with pytest.raises(ReleaseNotFound):
            reading.release("d2")


def test_content_shared_by_releases_is_stored_once(store: Store, clock: StoppedClock) -> None:
    with store.begin() as tx:
        for n in range(3):
            files = {"a": b"same", "b": b"same", "c": f"{n}".encode()}
            tx.save_release(f"d{n}", pack="gm", files=files, by="ora", at=clock.now())
        assert tx._sql.exec_driver_sql("SELECT count(*) FROM blob").scalar() == 4


def test_a_pack_runs_on_the_release_that_was_published_last(store: Store, clock: StoppedClock) -> None:
    # Given two releases of which none is published
    with store.begin() as tx:
        for digest in ("d1", "d2"):
            tx.save_release(digest, pack="gm", files={"a": digest.encode()}, by="ora", at=clock.now())
    with store.look() as reading, pytest.raises(PackNotFound):
        reading.current("gm")
    # When one, then the other, then the first again is published
    for digest in ("d1", "d2", "d1"):
        clock.advance(days=1)
        with store.begin() as tx:
            tx.publish_release(digest, by="max", at=clock.now())
        with store.look() as reading:
            assert reading.current("gm") == digest and reading.packs() == {"gm": digest}
    # I expect to see who did it, and which is in force
    with store.look() as reading:
        rows = {row.digest: row for row in reading.releases("gm")}
    assert [rows[d].in_force for d in ("d1", "d2")] == [True, False]
    assert (rows["d1"].made_by, rows["d1"].published_by, rows["d1"].published) == ("ora", "max", clock.now())


def test_what_is_not_there_cannot_be_published(store: Store, clock: StoppedClock) -> None:
    with pytest.raises(ReleaseNotFound), store.begin() as tx:
        tx.publish_release("d9", by="max", at=clock.now())
    with store.look() as reading:
        assert reading.releases() == [] and reading.packs() == {}
        with pytest.raises(PackNotFound):
            reading.current("\0")
