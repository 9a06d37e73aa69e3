"""No file that is committed holds a secret."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SECRETS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{100,}",
    "an AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50,})\b",
    "a token of a language model": r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}\b",
    "a Hugging Face token": r"\bhf_[A-Za-z0-9]{34}\b",
    "a Slack token or hook": r"\bxox[abprs]-[A-Za-z0-9-]{20,}|hooks\.slack\.com/services/T\w+/B\w+/\w{20,}",
    "a Google key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a password in an address": r"\b(?:smtps?|postgres(?:ql)?|https?)://[^\s:/@<>{}$]+:(?!password|secret|pw|PW)[^\s@/<>{}$()]{8,}@(?!example)",
}


def found_in(text):
    return [what for what, pattern in SECRETS.items() if re.search(pattern, text)]


def committed():
    try:
        told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no checkout")
    return [ROOT / name for name in told.split("\0") if name]


def test_every_test_that_the_threat_model_names_is_there():
    named = set(re.findall(r"`(tests/[^`]+)`", (ROOT / "deploy/SECURITY.md").read_text()))
    assert len(named) > 20
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_no_committed_file_holds_a_secret():
    files = [path for path in committed() if path.is_file() and path.stat().st_size < 2_000_000]
    texts = ((path, path.read_text(encoding="utf-8", errors="replace")) for path in files)
    assert {str(path): found for path, text in texts if (found := found_in(text))} == {}


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a private key", "-----BEGIN RSA " + "PRIVATE KEY-----\n" + "QUJD" * 40),
        ("an AWS key", "AKIA" + "Q" * 16),
        ("a GitHub token", "ghp_" + "a" * 36),
        ("a token of a language model", "sk-" + "b" * 40),
        ("a Hugging Face token", "hf_" + "c" * 34),
        ("a password in an address", "smtp://user:" + "tr0ub4dor&3" + "@mail.org"),
    ],
)
def test_a_secret_would_be_found(what, text):
    assert what in found_in(text)
