from __future__ import annotations

import pytest

from monitor.channels._answers import Step, refused, unanswered

HOST = "mail.example.org"


@pytest.mark.parametrize("step", ["connect", "hello", "tls", "login"])
@pytest.mark.parametrize("code", [421, 454, 535, 554])
def test_a_refusal_before_any_envelope_meets_everyone_and_condemns_no_mail(step: Step, code: int) -> None:
    error = refused(HOST, step, code, "no")
    assert (error.channel_wide, error.permanent, error.uncertain) == (True, False, False)


@pytest.mark.parametrize(
    ("step", "code", "permanent", "channel_wide"),
    [
        ("sender", 451, False, False),
        ("sender", 550, False, True),
        ("sender", 552, True, False),
        ("recipient", 450, False, False),
        ("recipient", 550, True, False),
        ("recipient", 552, False, False),
        ("recipient", 530, False, True),
        ("data", 451, False, False),
        ("data", 554, True, False),
        ("content", 452, False, False),
        ("content", 554, True, False),
    ],
)
def test_the_step_and_the_first_digit_decide(step: Step, code: int, *, permanent: bool, channel_wide: bool) -> None:
    error = refused(HOST, step, code, "no")
    assert (error.permanent, error.channel_wide, error.uncertain) == (permanent, channel_wide, False)


def test_a_denied_relay_at_rcpt_is_our_configuration_and_not_the_recipient() -> None:
    error = refused(HOST, "recipient", 554, "5.7.1 <ada@example.org>: Relay access denied")
    assert error.channel_wide
    assert not error.permanent
    assert "`username`" in error.reason


def test_s16_the_wait_that_the_server_asks_for_is_handed_on() -> None:
    assert refused(HOST, "sender", 451, "4.7.1 try again in 90 seconds").retry_after == 90
    assert refused(HOST, "sender", 421, "4.7.0 come back in 10 minutes").retry_after == 600
    assert refused(HOST, "sender", 450, "busy").retry_after is None
    assert refused(HOST, "content", 554, "no mail for 5 minutes").retry_after is None


def test_s16_a_server_cannot_ask_for_more_than_four_hours() -> None:
    assert refused(HOST, "sender", 451, "try again in 999999 hours").retry_after == 4 * 3600


def test_s18_greylisting_without_a_figure_waits_five_minutes() -> None:
    assert refused(HOST, "recipient", 451, "4.7.1 Greylisted").retry_after == 300


def test_s13_a_refused_login_waits_a_quarter_of_an_hour() -> None:
    assert refused(HOST, "login", 535, "5.7.8 bad credentials").retry_after == 900


@pytest.mark.parametrize(
    ("status", "advice"), [("5.7.26", "SPF and DKIM"), ("5.7.25", "PTR"), ("5.7.28", "send less"), ("5.7.515", "DMARC")]
)
def test_s26_known_status_codes_turn_into_advice(status: str, advice: str) -> None:
    assert advice in refused(HOST, "content", 550, f"{status} blocked").reason


def test_s25_the_answer_stands_in_the_reason_word_for_word() -> None:
    assert "554 5.7.1 [SPAM] content rejected" in refused(HOST, "content", 554, "5.7.1 [SPAM] content rejected").reason


def test_s35_an_answer_cannot_break_a_log_line() -> None:
    reason = refused(HOST, "content", 554, "nein\r\nERROR \x1b[31mforged \u202e\udcff" + "x" * 5000).reason
    assert reason.isprintable()
    assert "nein ERROR [31mforged" in reason
    assert len(reason) < 500


def test_an_answer_that_is_not_smtp_is_uncertain_only_after_the_dot() -> None:
    assert refused(HOST, "content", -1, "HTTP/1.1 400").uncertain
    assert not refused(HOST, "content", -1, "HTTP/1.1 400").permanent
    assert not refused(HOST, "connect", -1, "HTTP/1.1 400").uncertain
    assert refused(HOST, "connect", -1, "HTTP/1.1 400").channel_wide


@pytest.mark.parametrize("step", ["connect", "hello", "tls", "login"])
def test_silence_before_any_envelope_meets_everyone(step: Step) -> None:
    error = unanswered(HOST, step, "timed out")
    assert (error.channel_wide, error.permanent, error.uncertain) == (True, False, False)


@pytest.mark.parametrize("step", ["sender", "recipient", "data"])
def test_silence_before_the_dot_means_not_sent(step: Step) -> None:
    error = unanswered(HOST, step, "timed out")
    assert (error.channel_wide, error.permanent, error.uncertain) == (False, False, False)


def test_silence_after_the_dot_means_nobody_knows() -> None:
    error = unanswered(HOST, "content", "")
    assert (error.channel_wide, error.permanent, error.uncertain) == (False, False, True)
