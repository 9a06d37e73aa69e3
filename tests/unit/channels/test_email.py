from __future__ import annotations

import asyncio
import base64
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd import smtp as real
from pydantic import ValidationError

from monitor.channels.email import Options, Timeouts, open_channel
from monitor.errors import DeliveryError
from monitor.testing import envelope
from monitor.types.digests import Acceptance, Envelope
from tests.smtp import DEFAULT_EXTENSIONS, DROP, SILENCE, Certificate, ScriptedServer, make_certificate, serving

ROOMY = Timeouts(connect=10, command=10, content=10, total=15)  # never reached, on the busiest machine
SHORT = Timeouts(connect=0.2, command=0.2, content=0.2, total=2)  # for servers that say nothing
LOGIN: dict[str, Any] = {"username": "ada", "password": "s3cret"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def attempt(
    server: ScriptedServer, *envelopes: Envelope, implicit_tls: bool = False, **options: Any
) -> list[Acceptance | DeliveryError]:
    """Deliver one by one over one channel; return what came of each."""

    async def scenario() -> list[Acceptance | DeliveryError]:
        outcomes: list[Acceptance | DeliveryError] = []
        async with asyncio.timeout(20), serving(server, implicit_tls=implicit_tls):
            wanted = {"host": "127.0.0.1", "port": server.port, "timeouts": ROOMY} | options
            channel = open_channel(Options.model_validate(wanted))
            for letter in envelopes:
                try:
                    outcomes.append(await channel.deliver(letter))
                except DeliveryError as error:
                    outcomes.append(error)
            await channel.close()
        return outcomes

    return asyncio.run(scenario())


def failure(server: ScriptedServer, letter: Envelope | None = None, **options: Any) -> DeliveryError:
    (outcome,) = attempt(server, letter or envelope(), **options)
    assert isinstance(outcome, DeliveryError)
    return outcome


def flags(error: DeliveryError) -> set[str]:
    return {name for name in ("permanent", "uncertain", "channel_wide") if getattr(error, name)}


# --- a server that behaves -----------------------------------------------------------------------------------------


def test_the_bytes_of_the_envelope_arrive_unchanged_and_the_answer_comes_back() -> None:
    server = ScriptedServer()
    assert attempt(server, envelope()) == [Acceptance("250", "2.0.0 queued as 1")]
    assert server.messages == [envelope().content]
    assert server.verbs == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_one_connection_serves_many_deliveries() -> None:
    server = ScriptedServer()
    attempt(server, *(envelope(number) for number in range(5)))
    assert server.connections == 1
    assert server.messages == [envelope(number).content for number in range(5)]


def test_deliveries_at_the_same_time_share_the_connections_that_are_allowed() -> None:
    server = ScriptedServer()

    async def scenario() -> None:
        async with serving(server):
            channel = open_channel(Options(host="127.0.0.1", port=server.port, timeouts=ROOMY, connections=2))
            await asyncio.gather(*(channel.deliver(envelope(number)) for number in range(5)))
            await channel.close()

    asyncio.run(scenario())
    assert server.connections == 2
    assert sorted(server.messages) == [envelope(number).content for number in range(5)]


def test_nothing_is_connected_before_the_first_delivery() -> None:
    server = ScriptedServer()
    assert attempt(server) == []
    assert server.connections == 0


def test_delivering_after_close_connects_again() -> None:
    server = ScriptedServer()

    async def scenario() -> None:
        async with serving(server):
            channel = open_channel(Options(host="127.0.0.1", port=server.port, timeouts=ROOMY))
            for number in (1, 2):
                await channel.deliver(envelope(number))
                await channel.close()

    asyncio.run(scenario())
    assert (server.connections, len(server.messages)) == (2, 2)


def test_the_greeting_names_the_domain_of_the_sender_and_not_this_machine() -> None:
    server = ScriptedServer()
    attempt(server, envelope())
    assert server.commands[0] == "EHLO digest.example.org"


def test_the_size_is_announced_where_the_server_wants_it() -> None:
    server = ScriptedServer()
    attempt(server, envelope())
    assert server.commands[1] == f"MAIL FROM:<bounce@digest.example.org> SIZE={len(envelope().content)}"


# --- connecting ----------------------------------------------------------------------------------------------------


def test_s01_a_refused_connection_meets_everyone_and_condemns_nobody() -> None:
    async def scenario() -> DeliveryError:
        server = ScriptedServer()
        async with serving(server):
            pass
        channel = open_channel(Options(host="127.0.0.1", port=server.port, timeouts=ROOMY))
        with pytest.raises(DeliveryError) as caught:
            await channel.deliver(envelope())
        return caught.value

    error = asyncio.run(scenario())
    assert flags(error) == {"channel_wide"}
    assert "cannot be reached" in error.reason


def test_s02_a_black_hole_is_left_after_the_time_out() -> None:
    error = failure(ScriptedServer({"greeting": SILENCE}), timeouts=SHORT)
    assert flags(error) == {"channel_wide"}
    assert "cannot be reached" in error.reason


def test_s03_a_name_that_is_not_known_rests_the_channel_and_is_named() -> None:
    async def scenario() -> None:
        await open_channel(Options(host="no-such-host.invalid", timeouts=ROOMY)).deliver(envelope())

    with pytest.raises(DeliveryError, match=r"no-such-host\.invalid cannot be reached") as caught:
        asyncio.run(scenario())
    assert flags(caught.value) == {"channel_wide"}


def test_s10_words_smuggled_in_behind_starttls_are_never_taken_for_the_servers(certificate: Certificate) -> None:
    server = ScriptedServer(
        {"STARTTLS": ["220 go ahead\r\n250-sink.example.org\r\n250 AUTH PLAIN"]},
        (*DEFAULT_EXTENSIONS, "STARTTLS"), certificate.context(),
    )  # fmt: skip
    error = failure(server, tls="required", ca_file=certificate.certificate, host="localhost", timeouts=SHORT, **LOGIN)
    assert flags(error) == {"channel_wide"}
    assert not {"AUTH", "MAIL"} & set(server.verbs)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_s12_a_server_that_knows_only_old_tls_is_refused(certificate: Certificate) -> None:
    context = certificate.context()
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    server = ScriptedServer(tls=context)
    error = failure(
        server, implicit_tls=True, tls="implicit", ca_file=certificate.certificate, host="localhost", timeouts=SHORT
    )
    assert flags(error) == {"channel_wide"}
    assert server.commands == []


@pytest.mark.parametrize("step", ["MAIL", "."])
def test_s24_a_message_that_is_too_large_fails_alone_and_says_what_makes_it_smaller(step: str) -> None:
    error = failure(ScriptedServer({step: ["552 5.3.4 message too big"]}))
    assert flags(error) == {"permanent"}
    assert not error.bounced
    assert "smaller `budget`" in error.reason


def test_s04_a_server_that_hangs_up_at_once_is_tried_again_later() -> None:
    assert flags(failure(ScriptedServer({"greeting": DROP}))) == {"channel_wide"}
    assert flags(failure(ScriptedServer({"EHLO": DROP}))) == {"channel_wide"}


def test_s04_the_next_delivery_connects_afresh() -> None:
    server = ScriptedServer({"greeting": [DROP]})
    first, second = attempt(server, envelope(1), envelope(2))
    assert isinstance(first, DeliveryError)
    assert isinstance(second, Acceptance)


def test_s05_a_greeting_421_pauses_the_server_and_fails_no_message() -> None:
    error = failure(ScriptedServer({"greeting": "421 4.3.2 shutting down"}))
    assert flags(error) == {"channel_wide"}
    assert "tried again" in error.reason


def test_s06_a_greeting_554_says_what_to_do_and_keeps_the_mails() -> None:
    error = failure(ScriptedServer({"greeting": "554 5.7.1 no service for you"}))
    assert flags(error) == {"channel_wide"}
    assert "ask its operator" in error.reason
    assert "no service for you" in error.reason


def test_s07_a_server_without_ehlo_gets_helo_where_nothing_else_is_needed() -> None:
    server = ScriptedServer({"EHLO": "502 5.5.1 what"})
    assert attempt(server, envelope()) == [Acceptance("250", "2.0.0 queued as 1")]
    assert server.commands[1:3] == ["HELO digest.example.org", "MAIL FROM:<bounce@digest.example.org>"]


def test_s07_a_server_without_ehlo_gets_no_login_and_no_mail() -> None:
    cases: tuple[dict[str, Any], ...] = (LOGIN, {"tls": "required"})
    for wanted in cases:
        server = ScriptedServer({"EHLO": "502 5.5.1 what"})
        assert flags(failure(server, **wanted)) == {"channel_wide"}
        assert server.verbs == ["EHLO"]


# --- TLS and the password ------------------------------------------------------------------------------------------


def test_s08_without_starttls_neither_password_nor_mail_is_sent() -> None:
    server = ScriptedServer(extensions=("AUTH PLAIN LOGIN",))
    error = failure(server, tls="required", **LOGIN)
    assert flags(error) == {"channel_wide"}
    assert "does not offer STARTTLS" in error.reason
    assert server.verbs == ["EHLO"]


def test_s09_a_refused_starttls_never_falls_back_to_plain_text() -> None:
    server = ScriptedServer({"STARTTLS": "454 4.7.0 not now"}, extensions=("STARTTLS", "AUTH PLAIN"))
    assert flags(failure(server, tls="required", **LOGIN)) == {"channel_wide"}
    assert server.verbs == ["EHLO", "STARTTLS"]


def tls_server(certificate: Certificate, *extensions: str) -> ScriptedServer:
    return ScriptedServer(extensions=(*DEFAULT_EXTENSIONS, *extensions), tls=certificate.context())


def test_starttls_with_a_trusted_certificate_protects_login_and_mail(certificate: Certificate) -> None:
    server = tls_server(certificate, "STARTTLS", "AUTH PLAIN LOGIN")
    options: dict[str, Any] = {"host": "localhost", "tls": "required", "ca_file": certificate.certificate, **LOGIN}
    assert attempt(server, envelope(), **options) == [Acceptance("250", "2.0.0 queued as 1")]
    assert server.verbs == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]


def test_implicit_tls_protects_from_the_first_byte(certificate: Certificate) -> None:
    server = tls_server(certificate)
    options: dict[str, Any] = {"host": "localhost", "tls": "implicit", "ca_file": certificate.certificate}
    assert attempt(server, envelope(), implicit_tls=True, **options) == [Acceptance("250", "2.0.0 queued as 1")]
    assert server.messages == [envelope().content]


@pytest.mark.parametrize("tls", ["required", "implicit"])
def test_s11_a_self_signed_certificate_is_refused_by_its_name(certificate: Certificate, tls: str) -> None:
    server = tls_server(certificate, "STARTTLS", "AUTH PLAIN")
    error = failure(server, implicit_tls=tls == "implicit", host="localhost", tls=tls, **LOGIN)
    assert flags(error) == {"channel_wide"}
    assert "self-signed certificate" in error.reason
    assert not {"AUTH", "MAIL"} & set(server.verbs)


@pytest.mark.parametrize("tls", ["required", "implicit"])
def test_s11_a_certificate_for_another_host_is_refused_by_its_name(tmp_path: Path, tls: str) -> None:
    other = make_certificate(tmp_path, name="other.example.org")
    server = tls_server(other, "STARTTLS", "AUTH PLAIN")
    wanted: dict[str, Any] = {"host": "localhost", "tls": tls, "ca_file": other.certificate, **LOGIN}
    error = failure(server, implicit_tls=tls == "implicit", **wanted)
    assert "Hostname mismatch" in error.reason
    assert not {"AUTH", "MAIL"} & set(server.verbs)


def test_s11_an_expired_certificate_is_refused_by_its_name(tmp_path: Path) -> None:
    old = make_certificate(tmp_path, days=0)
    server = tls_server(old, "STARTTLS")
    error = failure(server, host="localhost", tls="required", ca_file=old.certificate)
    assert "certificate has expired" in error.reason
    assert "MAIL" not in server.verbs


def test_implicit_tls_to_a_server_that_speaks_plainly_fails_with_advice() -> None:
    error = failure(ScriptedServer(), host="localhost", tls="implicit")
    assert flags(error) == {"channel_wide"}
    assert "`tls`" in error.reason


def test_s13_a_refused_login_is_tried_once_and_the_connection_is_not_kept() -> None:
    server = ScriptedServer({"AUTH": "535 5.7.8 bad credentials"}, extensions=("AUTH CRAM-MD5 PLAIN LOGIN",))
    outcomes = attempt(server, envelope(1), envelope(2), **LOGIN)
    assert [flags(error) for error in outcomes if isinstance(error, DeliveryError)] == [{"channel_wide"}] * 2
    assert server.verbs == ["EHLO", "AUTH"] * 2
    assert server.messages == []


def test_s13_the_reason_names_the_settings_and_never_the_password() -> None:
    coded = base64.b64encode(b"\0ada\0s3cret").decode()
    server = ScriptedServer({"AUTH": "535 5.7.8 bad credentials"}, extensions=("AUTH PLAIN",))
    error = failure(server, **LOGIN)
    assert "`password`" in error.reason
    assert not any(secret in error.reason + repr(error) for secret in ("s3cret", coded))


def test_s14_a_login_that_fails_for_now_rests_the_channel_and_condemns_nobody(certificate: Certificate) -> None:
    server = ScriptedServer(
        {"AUTH": ["454 4.7.0 temporary authentication failure"]}, (*DEFAULT_EXTENSIONS, "AUTH PLAIN")
    )
    error = failure(server, **LOGIN)
    assert flags(error) == {"channel_wide"}
    assert "MAIL" not in server.verbs


def test_s15_a_login_that_we_do_not_speak_is_named() -> None:
    error = failure(ScriptedServer(extensions=("AUTH GSSAPI NTLM",)), **LOGIN)
    assert flags(error) == {"channel_wide"}
    assert "gssapi, ntlm" in error.reason


# --- envelopes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_s16_a_soft_refusal_of_the_sender_is_tried_again(code: int) -> None:
    error = failure(ScriptedServer({"MAIL": f"{code} 4.3.2 try again in 120 seconds"}))
    assert flags(error) == set()
    assert error.retry_after == 120


@pytest.mark.parametrize("code", [550, 553])
def test_s17_a_sender_that_is_not_allowed_is_no_bounce_of_the_recipient(code: int) -> None:
    error = failure(ScriptedServer({"MAIL": f"{code} 5.7.1 not your address"}))
    assert flags(error) == {"channel_wide"}
    assert "sender address" in error.reason


def test_s18_greylisting_is_soft_and_the_second_try_sends_the_same_envelope() -> None:
    server = ScriptedServer({"RCPT": ["450 4.7.1 greylisted for 300 seconds"]})
    first, second = attempt(server, envelope(), envelope())
    assert isinstance(first, DeliveryError)
    assert (flags(first), first.retry_after) == (set(), 300)
    assert isinstance(second, Acceptance)
    assert len({command for command in server.commands if command.startswith(("MAIL", "RCPT"))}) == 2
    assert server.messages == [envelope().content]


def test_s19_a_refused_recipient_is_final_and_the_others_go_on() -> None:
    server = ScriptedServer({"RCPT": ["550 5.1.1 no such user"]})
    first, second = attempt(server, envelope(1), envelope(2))
    assert isinstance(first, DeliveryError)
    assert flags(first) == {"permanent"}
    assert "550 5.1.1 no such user" in first.reason
    assert isinstance(second, Acceptance)
    assert (server.connections, server.messages) == (1, [envelope(2).content])


def test_s20_a_full_mailbox_is_soft() -> None:
    assert flags(failure(ScriptedServer({"RCPT": "552 5.2.2 mailbox full"}))) == set()
    assert flags(failure(ScriptedServer({"RCPT": "452 4.2.2 mailbox full"}))) == set()


def test_s22_a_refused_data_is_soft_or_final_by_its_code_and_nothing_is_sent() -> None:
    for code, expected in ((451, set()), (554, {"permanent"})):
        server = ScriptedServer({"DATA": f"{code} no"})
        assert flags(failure(server)) == expected
        assert server.messages == []


def test_s23_a_message_over_the_announced_size_is_not_sent() -> None:
    server = ScriptedServer(extensions=("SIZE 100",))
    error = failure(server)
    assert flags(error) == {"permanent"}
    assert "takes 100" in error.reason
    assert "MAIL" not in server.verbs


def test_s25_refused_content_is_final_and_shown_word_for_word() -> None:
    error = failure(ScriptedServer({".": "550 5.7.1 this looks like spam"}))
    assert flags(error) == {"permanent"}
    assert "550 5.7.1 this looks like spam" in error.reason


# --- silence -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("deed", [DROP, SILENCE])
def test_a_server_that_falls_silent_before_the_message_has_not_got_it(step: str, deed: str) -> None:
    assert flags(failure(ScriptedServer({step: deed}), timeouts=SHORT)) == set()


@pytest.mark.parametrize("deed", [DROP, SILENCE])
def test_s27_s29_a_server_that_falls_silent_after_the_final_dot_may_have_it(deed: str) -> None:
    server = ScriptedServer({".": deed})
    error = failure(server, timeouts=SHORT)
    assert flags(error) == {"uncertain"}
    assert server.messages == [envelope().content]


def test_s28_the_final_answer_has_its_own_longer_time_out() -> None:
    assert Timeouts().content == 600
    assert Timeouts().command == 300
    assert Timeouts().connect == 30
    error = failure(ScriptedServer({".": SILENCE}), timeouts=Timeouts(connect=60, command=60, content=0.05, total=60))
    assert flags(error) == {"uncertain"}


def test_s32_the_deadline_of_a_delivery_holds_however_patient_the_steps_are() -> None:
    patient = Timeouts(connect=60, command=60, content=60, total=0.1)
    assert flags(failure(ScriptedServer({"RCPT": SILENCE}), timeouts=patient)) == set()
    assert flags(failure(ScriptedServer({".": SILENCE}), timeouts=patient)) == {"uncertain"}


def test_after_a_silence_the_next_message_gets_a_connection_of_its_own() -> None:
    server = ScriptedServer({"RCPT": [SILENCE]})
    first, second = attempt(server, envelope(1), envelope(2), timeouts=SHORT)
    assert isinstance(first, DeliveryError)
    assert isinstance(second, Acceptance)
    assert (server.connections, server.messages) == (2, [envelope(2).content])


@pytest.mark.parametrize("deed", [DROP, SILENCE, "421 4.7.0 too many messages on this connection"])
def test_s30_a_kept_connection_that_died_is_replaced_without_failing_a_message(deed: str) -> None:
    server = ScriptedServer({"MAIL": ["250 2.1.0 ok", deed]})
    outcomes = attempt(server, envelope(1), envelope(2), timeouts=SHORT)
    assert outcomes == [Acceptance("250", "2.0.0 queued as 1")] * 2
    assert server.messages == [envelope(1).content, envelope(2).content]
    assert server.connections == 2


def test_s30_after_a_421_in_the_middle_the_next_message_gets_a_connection_of_its_own() -> None:
    server = ScriptedServer({"RCPT": ["421 4.7.0 closing"]})
    first, second = attempt(server, envelope(1), envelope(2))
    assert isinstance(first, DeliveryError)
    assert flags(first) == set()
    assert isinstance(second, Acceptance)
    assert server.connections == 2


def test_s31_a_421_about_the_rate_asks_us_to_slow_down() -> None:
    assert failure(ScriptedServer({"MAIL": ["421 4.7.0 message submission rate exceeded"]})).slow_down
    assert failure(ScriptedServer({".": ["450 4.7.28 sending too fast"]})).slow_down
    assert not failure(ScriptedServer({"RCPT": ["451 4.7.1 greylisted"]})).slow_down


def test_after_a_refusal_the_connection_is_reset_and_kept() -> None:
    server = ScriptedServer({"RCPT": ["550 5.1.1 no such user"]})
    first, second = attempt(server, envelope(1), envelope(2))
    assert isinstance(first, DeliveryError)
    assert first.bounced
    assert isinstance(second, Acceptance)
    assert server.verbs == ["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA", "QUIT"]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_s34_answers_that_come_merged_are_never_paired_with_the_next_command(verb: str) -> None:
    ordinary = {"MAIL": "250 2.1.0 ok", "RCPT": "250 2.1.5 ok", "DATA": "354 go on"}[verb]
    server = ScriptedServer({verb: [f"{ordinary}\r\n250 2.0.0 and one more"]})
    first, second = attempt(server, envelope(1), envelope(2), timeouts=SHORT)
    assert isinstance(first, DeliveryError)
    assert not first.permanent
    assert not first.uncertain
    assert isinstance(second, Acceptance)
    assert server.messages[-1] == envelope(2).content


@pytest.mark.parametrize(
    ("answer", "bounced"), [("550 5.1.1 no such user", True), ("550 gone", True), ("554 5.7.1 spam", False)]
)
def test_s19_only_a_refusal_of_the_address_counts_against_the_recipient(answer: str, bounced: bool) -> None:  # noqa: FBT001
    assert failure(ScriptedServer({"RCPT": [answer]})).bounced is bounced


def test_s40_one_connection_that_hangs_does_not_hold_up_the_others() -> None:
    server = ScriptedServer({"RCPT": [SILENCE]})

    async def scenario() -> list[Acceptance | BaseException]:
        async with asyncio.timeout(20), serving(server):
            slow = Timeouts(connect=10, command=3, content=10, total=15)
            channel = open_channel(Options(host="127.0.0.1", port=server.port, timeouts=slow, connections=2))
            hanging = asyncio.create_task(channel.deliver(envelope(0)))
            while "RCPT" not in server.verbs:  # noqa: ASYNC110 - the server knows no events
                await asyncio.sleep(0.01)
            taken = [await channel.deliver(envelope(number)) for number in range(1, 20)]
            assert not hanging.done()
            outcome = await asyncio.gather(hanging, return_exceptions=True)
            await channel.close()
            return [*taken, *outcome]

    *taken, hung = asyncio.run(scenario())
    assert taken == [Acceptance("250", "2.0.0 queued as 1")] * 19
    assert isinstance(hung, DeliveryError)


def test_a_cancelled_delivery_leaves_no_connection_behind() -> None:
    server = ScriptedServer({"RCPT": [SILENCE]})

    async def scenario() -> None:
        async with asyncio.timeout(20), serving(server):
            channel = open_channel(Options(host="127.0.0.1", port=server.port))
            task = asyncio.create_task(channel.deliver(envelope(1)))
            while "RCPT" not in server.verbs:  # noqa: ASYNC110 - the server runs in this loop and has no event for it
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await channel.deliver(envelope(2))
            await channel.close()

    asyncio.run(scenario())
    assert (server.connections, server.messages) == (2, [envelope(2).content])


# --- answers and messages that are hard to take --------------------------------------------------------------------


@pytest.mark.parametrize("step", ["EHLO", "RCPT", "."])
@pytest.mark.parametrize("answer", ["250-more\r\n" * 200_000, "250 " + "x" * 2_000_000, "HTTP/1.1 400 Bad Request"])
def test_s33_an_endless_or_senseless_answer_ends_the_connection(step: str, answer: str) -> None:
    server = ScriptedServer({step: [answer]})
    first, second = attempt(server, envelope(1), envelope(2))
    assert isinstance(first, DeliveryError)
    assert not first.permanent
    assert first.uncertain == (step == ".")
    assert isinstance(second, Acceptance)
    assert server.connections == 2
    assert "RSET" not in server.verbs


def test_s35_answers_outside_ascii_are_shown_safely(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    error = failure(ScriptedServer({"RCPT": "550 Empfänger unbekannt \xff\x1b[31m".encode("latin-1")}))
    assert error.reason.isprintable()
    assert "unbekannt" in error.reason
    (taken,) = attempt(ScriptedServer({".": "250 angenommen für später \x07".encode()}), envelope())
    assert taken == Acceptance("250", "angenommen für später")
    assert all(record.getMessage().isprintable() for record in caplog.records)


def test_s36_an_address_outside_ascii_needs_a_server_that_takes_it() -> None:
    letter = envelope(recipient="андрей@example.org")
    server = ScriptedServer(extensions=("8BITMIME",))
    error = failure(server, letter)
    assert flags(error) == {"permanent"}
    assert "SMTPUTF8" in error.reason
    assert "андрей@example.org" in error.reason
    assert "MAIL" not in server.verbs


def test_s36_an_address_outside_ascii_goes_to_a_server_that_takes_it() -> None:
    server = ScriptedServer()
    (taken,) = attempt(server, envelope(recipient="андрей@example.org"))
    assert isinstance(taken, Acceptance)
    assert server.commands[1].endswith(" SMTPUTF8")
    assert server.commands[2] == "RCPT TO:<андрей@example.org>"


def test_s36_a_domain_outside_ascii_goes_in_its_dns_form_to_any_server() -> None:
    server = ScriptedServer(extensions=())
    (taken,) = attempt(server, envelope(recipient="ada@bücher.example"))
    assert isinstance(taken, Acceptance)
    assert server.commands[2] == "RCPT TO:<ada@xn--bcher-kva.example>"


def test_s36_eight_bit_content_needs_8bitmime() -> None:
    letter = envelope(content="Subject: x\r\n\r\ngrün\r\n".encode())
    assert flags(failure(ScriptedServer(extensions=()), letter)) == {"permanent"}
    server = ScriptedServer()
    attempt(server, letter)
    assert "BODY=8BITMIME" in server.commands[1]
    assert server.messages == [letter.content]


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@", "@example.org", "Ada <ada@example.org>", "a@b.org, c@d.org", "a@b.org\r\nRCPT TO:<x@y.org>",
     "a b@example.org", "ada@straße.example", "ada@" + "x" * 80 + ".example"],
)  # fmt: skip
def test_what_is_no_address_is_refused_instead_of_rewritten(address: str) -> None:
    server = ScriptedServer()
    assert flags(failure(server, envelope(recipient=address))) == {"permanent"}
    assert flags(failure(server, envelope(sender=address))) == {"channel_wide"}
    assert server.connections == 0


def test_s37_dots_survive_and_lone_line_ends_cannot_smuggle_a_second_message() -> None:
    dotted = b"Subject: x\r\n\r\n.\r\n..\r\n.dot\r\nend.\r\n"
    smuggling = b"Subject: x\r\n\r\none\n.\nMAIL FROM:<x@y.org>\r.\rtwo\r\n"
    server = ScriptedServer()
    attempt(server, envelope(1, content=dotted), envelope(2, content=smuggling), envelope(3, content=b"a: b\r\n\r\nc"))
    assert server.messages == [
        dotted,
        b"Subject: x\r\n\r\none\r\n.\r\nMAIL FROM:<x@y.org>\r\n.\r\ntwo\r\n",
        b"a: b\r\n\r\nc\r\n",
    ]
    assert server.verbs.count("MAIL") == 3


# --- options -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "security", "port"),
    [
        ({"host": "smtp.example.org"}, "required", 587),
        ({"host": "smtp.example.org", "port": 25}, "required", 25),
        ({"host": "smtp.example.org", "port": 465}, "implicit", 465),
        ({"host": "smtp.example.org", "tls": "implicit"}, "implicit", 465),
        ({"host": "localhost"}, "none", 25),
        ({"host": "127.1.2.3"}, "none", 25),
        ({"host": "::1"}, "none", 25),
        ({"host": "localhost", "tls": "required"}, "required", 587),
        ({"host": "localhost.example.org"}, "required", 587),
    ],
)
def test_tls_is_the_rule_unless_the_server_is_this_machine(given: dict[str, Any], security: str, port: int) -> None:
    options = Options(**given)
    assert (options.security, options.effective_port) == (security, port)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ({"host": "smtp.example.org", "tls": "none"}, "in clear"),
        ({"host": "smtp.example.org", "tls": "none", **LOGIN}, "the password in clear"),
        ({"host": "192.168.1.2", "tls": "none", **LOGIN}, "the password in clear"),
        ({"host": "localhost.example.org", "tls": "none"}, "in clear"),
        ({"host": "smtp.example.org", "port": 465, "tls": "required"}, "implicit"),
        ({"host": "smtp.example.org", "username": "ada"}, "go together"),
        ({"host": "smtp.example.org", "password": "s3cret"}, "go together"),
        ({"host": "smtp.example.org:587"}, "its own key"),
        ({"host": "https://smtp.example.org/"}, "name alone"),
        ({"host": ""}, "at least 1"),
        ({"host": "smtp.example.org", "port": 0}, "greater than"),
        ({"host": "smtp.example.org", "start_tls": True}, "Extra inputs"),
    ],
)
def test_options_that_would_leak_or_hang_are_refused_with_advice(given: dict[str, Any], hint: str) -> None:
    with pytest.raises(ValidationError, match=hint):
        Options(**given)


def test_the_password_does_not_show_when_options_are_printed() -> None:
    assert "s3cret" not in repr(Options(host="smtp.example.org", **LOGIN))


# --- a real server -------------------------------------------------------------------------------------------------


class Mailbox:
    def __init__(self) -> None:
        self.received: list[Any] = []

    async def handle_DATA(self, _server: object, _session: object, received: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.received.append(received)
        return "250 2.0.0 kept"


def ada_only(_server: object, _session: object, _envelope: object, _mechanism: str, auth: Any) -> Any:
    return real.AuthResult(success=(auth.login, auth.password) == (b"ada", b"s3cret"))


@asynccontextmanager
async def real_server(mailbox: Mailbox, certificate: Certificate) -> AsyncIterator[int]:
    def session() -> asyncio.Protocol:
        return real.SMTP(
            mailbox,
            tls_context=certificate.context(),
            require_starttls=True,
            auth_required=True,
            authenticator=ada_only,
        )

    listening = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


def test_a_real_server_with_starttls_and_login_gets_the_message_byte_for_byte(certificate: Certificate) -> None:
    mailbox = Mailbox()

    async def scenario() -> list[Acceptance]:
        async with real_server(mailbox, certificate) as port:
            options = Options(host="localhost", port=port, tls="required", ca_file=certificate.certificate, **LOGIN)
            channel = open_channel(options)
            taken = [await channel.deliver(envelope(number)) for number in (1, 2)]
            await channel.close()
            return taken

    assert asyncio.run(scenario()) == [Acceptance("250", "2.0.0 kept")] * 2
    assert [received.original_content for received in mailbox.received] == [envelope(1).content, envelope(2).content]
    assert mailbox.received[0].rcpt_tos == ["ada@example.org"]
    assert message_from_bytes(envelope(1).content)["Message-ID"] == envelope(1).message_id


def test_a_real_server_that_wants_starttls_is_never_talked_to_in_clear(certificate: Certificate) -> None:
    mailbox = Mailbox()

    async def scenario() -> DeliveryError:
        async with real_server(mailbox, certificate) as port:
            channel = open_channel(Options(host="localhost", port=port))
            with pytest.raises(DeliveryError) as caught:
                await channel.deliver(envelope())
            await channel.close()
            return caught.value

    assert flags(asyncio.run(scenario())) == {"channel_wide"}
    assert mailbox.received == []
