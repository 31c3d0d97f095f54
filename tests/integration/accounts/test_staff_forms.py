"""Staff make and change accounts in Wagtail's and in Django's admin."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from base.accounts.models import User
from marketplace.partner.models import Partner
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.orders import make_commune, make_cooperative

pytestmark = pytest.mark.django_db

WAGTAIL, DJANGO = "/quan-tri/users/new/", "/quan-tri/he-thong/accounts/user/add/"
PERSON = {"phone": "0987 654 321", "last_name": "Y", "first_name": "Ƀok", "email": ""}


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("page", [WAGTAIL, DJANGO])
def test_account_made_by_staff_is_opened_by_code(office: Client, page: str) -> None:
    assert office.get(page).status_code == 200
    answer = office.post(page, PERSON | {"password1": "", "password2": "", "is_active": "on"})
    assert answer.status_code == 302, answer.context["form"].errors
    made = User.objects.get(phone="+84987654321")
    assert (made.email, made.has_usable_password(), made.is_phone_verified) == (None, False, False)


def test_account_made_in_wagtail_with_a_password_opens_by_it(office: Client) -> None:
    answer = office.post(WAGTAIL, PERSON | {"password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 302
    visitor = Client()
    visitor.post("/dang-nhap/", {"login": "0987654321", "password": PASSWORD})
    assert "_auth_user_id" in visitor.session


def test_second_person_without_e_mail_can_be_made(office: Client) -> None:
    for phone in ("0987 654 321", "0987 654 322"):
        assert office.post(WAGTAIL, PERSON | {"phone": phone}).status_code == 302


@pytest.mark.parametrize("page", [WAGTAIL, DJANGO])
def test_known_phone_in_another_spelling_is_an_error_beside_the_field(office: Client, page: str) -> None:
    UserFactory.create(phone="+84987654321")
    answer = office.post(page, PERSON | {"phone": "+84 987 654 321"})
    assert answer.status_code == 200
    form = answer.context["form"] if "form" in answer.context else answer.context["adminform"].form
    assert "phone" in form.errors


def test_person_is_changed_in_wagtail_and_keeps_the_password(office: Client) -> None:
    person = UserFactory.create(phone="+84987654321")
    page = f"/quan-tri/users/edit/{person.pk}/"
    assert office.get(page).status_code == 200
    answer = office.post(page, PERSON | {"password1": "", "password2": "", "is_active": "on"})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.first_name == "Ƀok"
    assert person.check_password(PASSWORD)


def test_person_is_found_in_django_admin_by_any_spelling(office: Client) -> None:
    UserFactory.create(phone="+84987654321", last_name="Đinh", first_name="Đức")
    page = office.get("/quan-tri/he-thong/accounts/user/", {"q": "0987.654.321"}).content.decode()
    assert "Đinh" in page


def test_kept_messages_are_read_only(office: Client) -> None:
    assert office.get("/quan-tri/he-thong/accounts/sentmessage/").status_code == 200
    assert office.get("/quan-tri/he-thong/accounts/sentmessage/add/").status_code == 403


@pytest.fixture
def clerk(client: Client) -> Client:
    """Platform staff who may change people, and is no superuser."""
    person = UserFactory.create(is_staff=True)
    person.groups.set(Group.objects.filter(name="Nhân viên nền tảng"))
    client.force_login(person)
    return client


@pytest.mark.parametrize("page", [WAGTAIL, DJANGO])
def test_staff_cannot_make_a_superuser(clerk: Client, page: str) -> None:
    assert clerk.get(page).status_code == 200
    answer = clerk.post(page, PERSON | {"is_superuser": "on", "is_active": "on"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert not User.objects.get(phone="+84987654321").is_superuser


@pytest.mark.parametrize("page", ["/quan-tri/users/edit/{}/", "/quan-tri/he-thong/accounts/user/{}/change/"])
def test_staff_cannot_take_over_a_superuser(clerk: Client, page: str) -> None:
    chief = UserFactory.create(is_superuser=True, is_staff=True)
    clerk.post(page.format(chief.pk), PERSON | {"is_active": "on"})
    assert User.objects.get(pk=chief.pk).phone == chief.phone


def test_staff_open_a_household_and_see_what_is_poison(clerk: Client) -> None:
    cooperative, commune = make_cooperative(), make_commune()
    office = "/quan-tri/he-thong/"
    for page in ("", "outbox/entry/", "partner/partner/add/", "order/order/", "catalogue/product/"):
        assert clerk.get(office + page).status_code == 200, page
    assert clerk.get(f"{office}cooperative/cooperative/{cooperative.pk}/change/").status_code == 200
    asked = {"app_label": "partner", "model_name": "partner", "field_name": "commune", "term": commune.name}
    assert clerk.get(f"{office}autocomplete/", asked).json()["results"]
    form = {"name": "Hộ Y Blưn", "cooperative": cooperative.pk, "commune": commune.pk, "is_active": "on"}
    answer = clerk.post(f"{office}partner/partner/add/", form)
    assert answer.status_code == 302, answer.context["errors"]
    assert Partner.objects.get(name="Hộ Y Blưn").slug == "ho-y-blun"
