"""Reads of busy pages whose SQL is built once per process: Django takes ten times as long to write a query as SQLite
to answer it (docs/decisions/0011-prepared-reads.md).

The query stays a queryset: what differs from call to call stands in it as ``Param``, what changes the SQL itself
(a slice, a further filter) is an argument of the function that builds it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Item = TypeVar("Item")
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d")  # as SQLite takes dates and times
MOST_SHAPES: Final = 256  # of one read: deep pages of a list each have SQL of their own


class Param(Expression):
    """A value that is given at each run: ``filter(closes_at__gt=Param("now", DateTimeField()))``."""

    def __init__(self, name: str, output_field: Field[Any, Any], place: int | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name, self.place = name, place

    def as_sql(  # type: ignore[override]  # the stubs know str and int only
        self, compiler: SQLCompiler, connection: Any
    ) -> tuple[str, list[Any]]:
        """Return a placeholder, and this object in the place of its value."""
        return "%s", [self]

    def given(self, values: dict[str, Any], connection: Any) -> Any:
        """Return the value as the database takes it; a list shorter than its places is filled with its last."""
        value = values[self.name]
        if self.place is not None:
            value = value[min(self.place, len(value) - 1)]
        return self.output_field.get_db_prep_value(value, connection)


def params(name: str, count: int, output_field: Field[Any, Any]) -> list[Any]:
    """Return ``count`` places for one list of 1 to ``count`` values: ``filter(pk__in=params("ids", 12, …))``.

    Django takes expressions only for a column of its own: "id__in" for a Wagtail page, "product__pk__in" for a key.
    """
    return [Param(name, output_field, place) for place in range(count)]


def room(count: int) -> int:
    """Return how many places to keep for a list of ``count`` values (1, 2, 4, 8 …), so that few shapes are needed."""
    return 1 << (count - 1).bit_length()


class Prepared:
    """One read, ready to run: its SQL, the parameters, and how values of the database become Python's."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        compiler = queryset.query.get_compiler(queryset.db)
        self._sql, self._params = compiler.as_sql()
        for param in self._params:
            if isinstance(param, dt.date) or (isinstance(param, str) and MOMENT.match(param)):
                raise ValueError(
                    f"{param} would stay in this read for ever: use Param, or the database's Now()"
                )
        columns = [expression for expression, _sql, _alias in compiler.select[: compiler.col_count]]
        self._converters = list(compiler.get_converters(columns).items())
        self._alias = queryset.db

    def rows(self, **values: Any) -> Sequence[Sequence[Any]]:
        """Return what ``values_list`` would return."""
        connection = connections[self._alias]
        given = [
            param.given(values, connection) if isinstance(param, Param) else param for param in self._params
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, given)
            found = cursor.fetchall()
        return self._converted(found, connection) if self._converters else found

    def _converted(self, found: Sequence[Sequence[Any]], connection: Any) -> Sequence[Sequence[Any]]:
        """Do for each row what Django's compiler does (``SQLCompiler.apply_converters``)."""
        rows = [list(row) for row in found]
        for row in rows:
            for place, (converters, expression) in self._converters:
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
        return rows


def prepared(build: Callable[..., QuerySet[Any, Any]]) -> Callable[..., Prepared]:
    """Decorate a function that returns a ``values_list``: calling it gives the read, built once for each arguments."""

    @lru_cache(maxsize=MOST_SHAPES)
    def made(_vendor: str, *shape: Any) -> Prepared:
        return Prepared(build(*shape))

    def ready(*shape: Any) -> Prepared:
        return made(connections[DEFAULT_DB_ALIAS].vendor, *shape)

    return ready


class _Listed(Generic[Item]):
    """What Django's ``Paginator`` asks of a list."""

    def __init__(self, count: int, part: Callable[[int, int], list[Item]]) -> None:
        self._count, self._part = count, part

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, part: slice) -> list[Item]:
        return self._part(part.start, part.stop) if part.start < part.stop else []


def paged(count: int, part: Callable[[int, int], list[Item]], size: int, number: str | None) -> Page[Item]:
    """Return the page asked for of ``count`` items, of which ``part`` reads those from one place up to another."""
    items: Any = _Listed(count, part)
    page: Page[Item] = Paginator(items, size).get_page(number)
    return page
