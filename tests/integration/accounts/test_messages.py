"""Text messages: how many one phone gets in a day, and of what sort."""

import pytest

from base.accounts import sms

pytestmark = pytest.mark.django_db


def test_made_up_orders_for_a_phone_do_not_use_up_its_sign_in_codes() -> None:
    orders = [sms.send("purchase placed", "+84912345678", "đơn") for _ in range(sms.PER_DAY + 1)]
    codes = [sms.send("code", "+84912345678", "mã") for _ in range(sms.PER_DAY + 1)]
    assert orders == codes == [True] * sms.PER_DAY + [False]
