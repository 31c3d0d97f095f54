"""People with accounts."""

import factory

from base.accounts.models import User

PASSWORD = "mua-xuan-tren-ban"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """Somebody whose phone is verified and whose password is PASSWORD; ``password=None`` for a helper-made account."""

    class Meta:
        model = User

    phone = factory.Sequence(lambda n: f"+8491{n:07}")
    last_name = "Lò Thị"
    first_name = "Mai"
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: object, **kwargs: object) -> User:
        return model_class.objects.create_user(*args, **kwargs)
