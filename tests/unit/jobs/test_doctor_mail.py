"""What receivers look at, judged from records that stand here instead of in the DNS."""

import asyncio
import base64

import pytest

from monitor.channels._dns import DnsSilenceError
from monitor.channels.email import Options, open_channel
from monitor.errors import DeliveryError
from monitor.jobs import doctor_mail
from monitor.render.message import Sender
from monitor.render.signature import SigningKey
from tests.smtp import ScriptedServer, serving

# The keys of RFC 8463, appendix A: for tests only.
KEY = SigningKey(
    "brisbane",
    "-----BEGIN PRIVATE KEY-----\n"
    + base64.b64encode(
        bytes.fromhex("302e020100300506032b657004220420")
        + base64.b64decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    ).decode()
    + "\n-----END PRIVATE KEY-----\n",
)
PUBLIC = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
RECORDS = {
    "example.org": ["v=spf1 mx -all", "something-else=1"],
    "brisbane._domainkey.example.org": [PUBLIC],
    "_dmarc.example.org": ["v=DMARC1; p=reject; rua=mailto:dmarc@example.org"],
}


def looked_at(
    records, *, address="digest@example.org", keys=(KEY,), relays=None, base_url="https://papers.example.org"
):
    async def ask(name):
        found = records.get(name, [])
        if isinstance(found, Exception):
            raise found
        return found

    found = asyncio.run(doctor_mail.run(Sender("Papers", address, keys=keys), "Street 1", base_url, relays or {}, ask))
    return {one.about: one for one in found}


def test_a_domain_with_everything_is_good():
    found = looked_at(RECORDS)
    assert {name: one.state for name, one in found.items()} == dict.fromkeys(
        ("From", "SPF", "DKIM brisbane", "DMARC", "base URL", "postal address"), "good"
    )


@pytest.mark.parametrize(
    ("name", "records", "about", "state", "says"),
    [
        ("example.org", [], "SPF", "poor", "no SPF record"),
        ("example.org", ["v=spf1 -all", "v=spf1 mx -all"], "SPF", "bad", "2 SPF records"),
        ("example.org", ["v=spf1 +all"], "SPF", "poor", "everybody"),
        ("example.org", ["v=spf10 -all"], "SPF", "poor", "no SPF record"),
        ("brisbane._domainkey.example.org", [], "DKIM brisbane", "bad", "no record at brisbane._domainkey"),
        (
            "brisbane._domainkey.example.org",
            [PUBLIC.replace("11q", "22q")],
            "DKIM brisbane",
            "bad",
            "not the public part",
        ),
        ("brisbane._domainkey.example.org", ["v=DKIM1; p="], "DKIM brisbane", "bad", "not the public part"),
        ("brisbane._domainkey.example.org", [PUBLIC, PUBLIC], "DKIM brisbane", "bad", "2 records"),
        ("_dmarc.example.org", [], "DMARC", "poor", "no DMARC record"),
        ("_dmarc.example.org", ["v=DMARC1"], "DMARC", "bad", "no policy"),
        ("_dmarc.example.org", ["v=DMARC1; p=none", "v=DMARC1; p=none"], "DMARC", "bad", "2 DMARC records"),
    ],
)
def test_each_fault_is_named(name, records, about, state, says):
    found = looked_at({**RECORDS, name: records})[about]
    assert (found.state, says in found.says) == (state, True), found


def test_a_dns_that_does_not_answer_is_a_result_and_the_rest_is_looked_at():
    found = looked_at(dict.fromkeys(RECORDS, DnsSilenceError("the DNS does not answer")))
    states = [found[about].state for about in ("SPF", "DKIM brisbane", "DMARC", "base URL")]
    assert states == ["unknown", "unknown", "unknown", "good"]


def test_dmarc_of_a_domain_above_counts():
    found = looked_at({"_dmarc.example.org": ["v=DMARC1; p=none"]}, address="a@mail.example.org")
    assert found["DMARC"].state == "good"


@pytest.mark.parametrize(
    ("base_url", "state"), [("", "poor"), ("http://papers.example.org", "bad"), ("https://localhost", "bad")]
)
def test_links_must_be_reached_over_https(base_url, state):
    assert looked_at(RECORDS, base_url=base_url)["base URL"].state == state


def test_an_address_of_this_machine_is_bad_and_no_record_is_asked_for():
    found = looked_at({}, address="monitor@localhost")
    assert (found["From"].state, "SPF" in found) == ("bad", False)


def test_a_relay_is_tried_without_a_mail_and_its_refusal_is_told():
    async def probed(server, **options):
        async with serving(server) as running:
            return await open_channel(Options(host="127.0.0.1", port=running.port, **options)).probe("a@example.org")

    server = ScriptedServer()
    assert "no TLS, on this machine, no login" in asyncio.run(probed(server))
    assert "MAIL" not in server.verbs
    with pytest.raises(DeliveryError, match="does not offer STARTTLS"):
        asyncio.run(probed(ScriptedServer(), tls="required"))


def test_a_relay_that_refuses_is_bad():
    class Refusing:
        async def probe(self, sender):
            raise DeliveryError(f"it refused the login for {sender}", channel_wide=True)

    found = looked_at(RECORDS, relays={"": Refusing(), "other": Refusing()})
    assert (found["relay"].state, found["relay (other)"].says) == ("bad", "it refused the login for digest@example.org")


def test_k19_a_sender_that_does_not_fit_its_signature_or_pages_is_told():
    found = looked_at(RECORDS, address="digest@other.example.org", base_url="http://papers.example.org")
    assert {one.about: one.state for one in found.values() if one.state == "bad"} == {
        "DKIM brisbane": "bad", "base URL": "bad",
    }  # fmt: skip
    assert "brisbane._domainkey.other.example.org" in found["DKIM brisbane"].says
    assert "https" in found["base URL"].says
