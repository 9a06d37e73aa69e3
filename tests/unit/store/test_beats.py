"""The signs of the machines at work."""

from datetime import timedelta

from sqlmodel import select

from monitor.store import beats
from monitor.store.tables import MarkRow
from monitor.testing import NOON


def test_a_machine_that_is_gone_for_a_day_leaves_no_sign(store, monkeypatch):
    def after(host, passed):
        monkeypatch.setattr(beats, "gethostname", lambda: host)
        beats.beat(store, NOON + passed)
        with store.read() as session:
            return set(session.exec(select(MarkRow.name)))

    with store.write() as session:
        session.add(MarkRow(name="backup", at=NOON - timedelta(days=9), text=""))
    assert after("one", timedelta()) == {"backup", "alive one"}
    assert after("two", timedelta(hours=23)) == {"backup", "alive one", "alive two"}
    assert after("two", timedelta(hours=25)) == {"backup", "alive two"}
