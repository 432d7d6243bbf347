from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from wagtail_salesforce_leads.models import SalesforceGrant, SalesforceOrg
from wagtail_salesforce_leads.orgs.tokens import Secret, decrypt, encrypt, rotate
from wagtail_salesforce_leads.orgs.unavailable import SecretUnreadable


@pytest.fixture
def keys(settings):
    """Sets ENCRYPTION_KEYS, and SECRET_KEY with its fallbacks."""

    def set_keys(*keys: str, secret_key: str = "django's", fallbacks: tuple[str, ...] = ()) -> None:
        settings.WAGTAIL_SALESFORCE_LEADS = {"ENCRYPTION_KEYS": keys}
        settings.SECRET_KEY = secret_key
        settings.SECRET_KEY_FALLBACKS = list(fallbacks)

    return set_keys


@pytest.fixture
def stored(db):
    """An org and its grant with three encrypted secrets."""
    org = SalesforceOrg.objects.create(org_id="00D0", consumer_secret=encrypt("consumer"))
    SalesforceGrant.objects.create(
        org=org, access_token=encrypt("access"), refresh_token=encrypt("refresh")
    )
    return org


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_decrypt_after_encrypt_gives_the_text(text):
    assert decrypt(encrypt(text)) == text


def test_encrypt_shows_nothing_and_never_the_same():
    assert "token" not in encrypt("token")
    assert encrypt("token") != encrypt("token")


def test_encrypt_of_a_blank_text_stays_blank():
    assert encrypt("") == decrypt("") == ""


def test_decrypt_with_a_second_key_works(keys):
    keys("old")
    text = encrypt("token")
    keys("new", "old")
    assert decrypt(text) == "token"


def test_decrypt_after_encryption_keys_were_set_reads_what_secret_key_encrypted(keys):
    keys()
    text = encrypt("token")
    keys("new")
    assert decrypt(text) == "token"


def test_decrypt_after_secret_key_moved_to_the_fallbacks_works(keys):
    keys(secret_key="old")
    text = encrypt("token")
    keys(secret_key="new", fallbacks=("old",))
    assert decrypt(text) == "token"


@pytest.mark.parametrize("text", ["", "not encrypted", "gAAAAA=="])
def test_decrypt_without_the_key_is_unreadable_and_quotes_nothing(keys, text):
    keys("old")
    text = text or encrypt("token")
    keys("new")
    with pytest.raises(SecretUnreadable) as raised:
        decrypt(text)
    assert text not in str(raised.value)


def test_secret_has_a_repr_that_hides_it():
    assert "token" not in repr(decrypt(encrypt("token"))) + repr([Secret("token")])


def test_rotate_makes_the_old_key_needless(keys, stored):
    keys("new", "tests-only-key")
    assert rotate().rotated == 3
    keys("new")
    grant = SalesforceGrant.objects.get()
    assert decrypt(grant.access_token) == "access"
    assert decrypt(grant.refresh_token) == "refresh"
    assert decrypt(SalesforceOrg.objects.get().consumer_secret) == "consumer"


def test_salesforce_rotate_keys_says_how_many(keys, stored):
    said = StringIO()
    call_command("salesforce_rotate_keys", stdout=said)
    assert said.getvalue().startswith("3 secrets")


def test_salesforce_rotate_keys_with_a_lost_key_fails_and_keeps_what_is_there(keys, stored):
    keys("elsewhere", secret_key="elsewhere")
    before = SalesforceGrant.objects.get().refresh_token
    with pytest.raises(CommandError, match="3 secrets are readable with none"):
        call_command("salesforce_rotate_keys", stdout=StringIO())
    assert SalesforceGrant.objects.get().refresh_token == before
