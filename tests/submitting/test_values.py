"""Every property type with ordinary, extreme and Japanese values, and by random search."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_salesforce_leads.salesforce.describe import PropertyType
from wagtail_salesforce_leads.submitting.numbers import HALF_WIDTH
from wagtail_salesforce_leads.submitting.problems import ValueProblem
from wagtail_salesforce_leads.submitting.values import FITS, LEFT_OUT, convert, fits, lookalike

TRUE_BOX = {"key": "f", "type": "checkboxes", "choices": [{"value": "true", "label": "true"}]}


def spec(type_: str, **details) -> dict:
    return {"name": "P__c", "label": "P", "type": type_, "choices": [], **details}


def choices(*values: str) -> list[dict]:
    return [{"value": value, "label": value} for value in values]


def group(label: str, value: str = "on") -> dict:
    return {"key": "f", "type": "checkboxes", "choices": [{"value": value, "label": label}]}


def sent_or_code(answer, spec_) -> tuple:
    """(value, "") or (LEFT_OUT, the problem's code)."""
    try:
        return convert(answer, {}, spec_), ""
    except ValueProblem as problem:
        return LEFT_OUT, problem.code


def code_of(answer, spec_, field=None) -> str:
    with pytest.raises(ValueProblem) as caught:
        convert(answer, field or {}, spec_)
    assert caught.value.message
    return caught.value.code


SENT_AS = [
    ("text", {"max_length": 80}, "  山田 花子 ", "山田 花子"),
    ("text", {"max_length": 80}, "two\r\nlines", "two lines"),
    ("text", {"max_length": 80}, "a\x00b\x1fc\ud800d", "abcd"),
    ("text", {"max_length": 80}, ["A", "B"], "A; B"),
    ("encrypted_text", {"max_length": 175}, "番号 12", "番号 12"),
    ("text_area", {"max_length": 255}, "one\r\ntwo\rthree", "one\ntwo\nthree"),
    ("long_text", {"max_length": 32000}, "質問です。\n\nよろしく", "質問です。\n\nよろしく"),
    ("rich_text", {"max_length": 32768}, "<b>&\nx", "&lt;b&gt;&amp;<br>x"),
    ("email", {"max_length": 80}, " Ann.Lee+web@example.co.jp ", "Ann.Lee+web@example.co.jp"),
    ("phone", {"max_length": 40}, "０３－１２３４", "０３－１２３４"),
    ("url", {"max_length": 255}, "https://例え.jp/?q=1", "https://例え.jp/?q=1"),
    ("url", {"max_length": 255}, "example.com:8080/path", "example.com:8080/path"),
    ("number", {"digits": 8}, "12", 12),
    ("number", {"digits": 8}, "１２３", 123),
    ("number", {"precision": 18, "scale": 0}, "2.5", 3),
    ("number", {"precision": 5, "scale": 2}, "-12.345", -12.35),
    ("percent", {"precision": 3, "scale": 0}, "50", 50),
    ("currency", {"precision": 18, "scale": 2}, "1980.10", 1980.1),
    ("currency", {"precision": 18, "scale": 0}, "0", 0),
    ("date", {}, "2027-02-28", "2027-02-28"),
    ("picklist", {"restricted": True, "choices": choices("IT", "その他")}, "その他", "その他"),
    ("picklist", {"max_length": 255}, "anything", "anything"),
    ("picklist", {"restricted": True, "choices": choices("IT")}, ["IT"], "IT"),
    ("multi_picklist", {"restricted": True, "choices": choices("A", "B")}, ["B", "A"], "B;A"),
    ("multi_picklist", {"max_length": 4099}, ["A", "A", " "], "A"),
    ("checkbox", {}, True, True),
    ("checkbox", {}, False, False),
    ("checkbox", {}, "TRUE", True),
    ("checkbox", {}, "ｆａｌｓｅ", False),
]


@pytest.mark.parametrize(("type_", "details", "answer", "value"), SENT_AS)
def test_convert_good_answer_gives_the_json_value(type_, details, answer, value):
    sent = convert(answer, {}, spec(type_, **details))
    assert sent == value
    assert type(sent) is type(value)


REFUSED = [
    ("text", {"max_length": 3}, "abcd", "too_long"),
    ("text", {"max_length": 3}, "😀😀", "too_long"),
    ("text_area", {"max_length": 255}, "&" * 60, "too_long"),
    ("rich_text", {"max_length": 10}, "<<<", "too_long"),
    ("phone", {"max_length": 0}, "1" * 41, "too_long"),
    ("url", {"max_length": 255}, "https://e.jp/" + "x" * 250, "too_long"),
    ("url", {}, "javascript:alert(1)", "url"),
    ("email", {}, ".ann@example.com", "email"),
    ("email", {}, "ann.@docomo.example", "email"),
    ("email", {}, "ann@例え.jp", "email"),
    ("email", {}, "“ann”@example.com", "email"),
    ("email", {}, "ann@example.com\nbcc@example.com", "email"),
    ("number", {"digits": 8}, "123456789", "number_too_large"),
    ("number", {"precision": 5, "scale": 2}, "999.995", "number_too_large"),
    ("number", {"precision": 18, "scale": 0}, "1e9999", "number_too_large"),
    ("number", {"precision": 18, "scale": 0}, "9007199254740993", "too_precise"),
    ("number", {"digits": 8}, "1,500", "not_a_number"),
    ("number", {"digits": 8}, "10²", "not_a_number"),
    ("number", {"digits": 8}, "NaN", "not_a_number"),
    ("number", {"digits": 8}, "1_0", "not_a_number"),
    ("date", {}, "20270228", "date"),
    ("date", {}, "2027-02-30", "date"),
    ("date", {}, "1650-01-01", "date"),
    ("picklist", {"restricted": True, "choices": choices("IT")}, "it", "choice"),
    ("picklist", {}, ["A", "B"], "does_not_fit"),
    ("multi_picklist", {}, ["A;B"], "semicolon"),
    ("multi_picklist", {}, [str(n) for n in range(101)], "too_many"),
    ("multi_picklist", {"restricted": True, "choices": choices("A")}, ["A", "C"], "choice"),
    ("checkbox", {}, "yes", "truth"),
    ("text", {}, True, "does_not_fit"),
]


@pytest.mark.parametrize(("type_", "details", "answer", "code"), REFUSED)
def test_convert_answer_salesforce_would_refuse_is_a_problem(type_, details, answer, code):
    assert code_of(answer, spec(type_, **details)) == code


@pytest.mark.parametrize("type_", sorted(PropertyType))
@pytest.mark.parametrize("blank", ["", "  \n", None])
def test_convert_blank_answer_is_left_out(type_, blank):
    assert convert(blank, {}, spec(type_)) is LEFT_OUT


@pytest.mark.parametrize(
    ("label", "ticked", "value"),
    [
        ("true", True, True),
        ("true", False, False),
        ("TRUE", True, True),
        ("True", False, False),
        ("Ｔｒｕｅ", True, True),
        ("false", True, False),
        ("false", False, True),
        ("FALSE", True, False),
    ],
)
def test_convert_one_choice_group_sends_what_its_label_says(label, ticked, value):
    answer = ["on"] if ticked else []
    assert convert(answer, group(label), spec("checkbox")) is value
    assert convert(answer, group(label), spec("checkbox"), inverted=True) is not value


def test_convert_group_that_cannot_be_true_or_false_is_a_problem():
    assert code_of([], spec("checkbox"), group("I agree")) == "truth"
    two = {"choices": choices("true", "false")}
    assert code_of(["true"], spec("checkbox"), two) == "one_choice"


def test_convert_radio_labelled_true_uses_the_label_of_the_chosen_value():
    field = {"choices": [{"value": "a", "label": "True"}, {"value": "b", "label": "False"}]}
    assert convert("b", field, spec("checkbox")) is False


def test_convert_inverted_consent_fills_an_opt_out():
    assert convert(True, {}, spec("checkbox"), inverted=True) is False


def test_convert_without_known_property_sends_the_answer_as_it_is():
    assert convert("  x ", {}, None) == "x"
    assert convert(True, {}, None, inverted=True) is False
    assert convert([], {}, None) is LEFT_OUT


def test_problem_text_never_holds_the_answer():
    with pytest.raises(ValueProblem) as caught:
        convert("secret answer", {}, spec("text", max_length=3))
    assert "secret" not in f"{caught.value!r} {caught.value} {caught.value.message}"


def test_fits_every_property_type_has_a_field_type():
    offered = frozenset().union(*(types for name, types in FITS.items() if name != "hidden"))
    assert offered == frozenset(PropertyType)


def test_fits_unknown_field_type_fits_what_a_single_line_fits():
    assert fits("postcode", "text")
    assert not fits("postcode", "checkbox")


def test_lookalike_ignores_width_case_and_space():
    assert lookalike("ＩＴ　業界 ") == lookalike("it 業界")


PLAIN = re.compile("[^\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]*")


@given(st.text(), st.sampled_from(["text", "text_area", "long_text", "rich_text", "phone"]))
def test_convert_any_text_is_storable_and_short_enough(text, type_):
    sent, code = sent_or_code(text, spec(type_, max_length=40))
    assert code in {"", "too_long"}
    if sent is not LEFT_OUT:
        assert 0 < len(sent) <= 40
        assert PLAIN.fullmatch(sent)
        assert sent == sent.strip()
        json.dumps(sent).encode()


@given(
    st.one_of(st.decimals().map(str), st.text(), st.integers().map(str)),
    st.integers(1, 18),
    st.integers(0, 8),
)
def test_convert_any_number_keeps_its_value_to_half_a_place(text, precision, scale):
    scale = min(scale, precision - 1)
    sent, _ = sent_or_code(text, spec("number", precision=precision, scale=scale))
    if sent is not LEFT_OUT:
        arrived = Decimal(repr(json.loads(json.dumps(sent))))
        assert abs(arrived) < Decimal(10) ** (precision - scale)
        assert arrived == round(arrived, scale)
        written = Decimal(text.translate(HALF_WIDTH).strip())
        assert abs(arrived - written) * 2 <= Decimal(10) ** -scale


@given(st.lists(st.text(max_size=20), max_size=110))
def test_convert_any_choices_can_be_split_again(answers):
    sent, code = sent_or_code(answers, spec("multi_picklist", max_length=4099))
    assert code in {"", "semicolon", "too_many", "too_long"}
    if sent is not LEFT_OUT:
        assert all(sent.split(";"))
        assert len(sent.split(";")) <= 100


@given(st.emails())
def test_convert_email_sends_only_what_salesforce_takes(address):
    sent, code = sent_or_code(address, spec("email", max_length=80))
    if code:
        return
    local, _, domain = sent.rpartition("@")
    assert re.fullmatch(r"[a-zA-Z0-9.!#$%&'*/=?^_+\-`{|}~]+", local)
    assert not local.startswith(".")
    assert not local.endswith(".")
    assert re.fullmatch(r"[a-zA-Z0-9.\-]+\.[a-zA-Z0-9\-]+", domain)
