"""How /api/v1 answers, in OpenAPI 3.1: one table of parameters, one of fields. docs/api.md says it in words."""

from typing import Any, Final

from search import narrowing, registry
from search.engines.base import Sort
from search.facets import FACETS, KIND
from search.finding import PAGE_SIZE
from search.question import LONGEST_QUESTION

SIZE: Final = "so"
MOST_RESULTS: Final = 48
MOST_A_MINUTE: Final = 300
"""Requests of one address; what the page cache answers is not counted."""

Schema = dict[str, Any]

_SINGLE: Final[dict[str, tuple[Schema, str]]] = {
    narrowing.QUESTION: (
        {"type": "string"},
        f"The question as people type it, with or without marks: words, “words in quotes”, -unwanted ones, a price "
        f"(“dưới 50k”), a kind (“khóa học …”). The first {LONGEST_QUESTION} characters are used.",
    ),
    narrowing.LEAST: (
        {"type": "integer", "minimum": 0},
        "Lowest price in whole đồng; what has no price is left out.",
    ),
    narrowing.MOST: ({"type": "integer", "minimum": 0}, "Highest price in whole đồng."),
    narrowing.READY: ({"type": "string", "enum": ["1"]}, "Only goods that are there today."),
    narrowing.SORT: (
        {"type": "string", "enum": [str(sort) for sort in Sort]},
        "Order: empty by relevance, “re” cheapest, “moi” newest, “gan” nearest to the commune of “o”.",
    ),
    narrowing.NEAR: ({"type": "string", "pattern": "^[0-9]{5}$"}, "Code of the commune where the reader is."),
    narrowing.AS_TYPED: (
        {"type": "string", "enum": ["1"]},
        "Look for exactly what was typed, without repairs.",
    ),
    narrowing.CURSOR: ({"type": "string"}, "Where a page begins; taken from “next”."),
    SIZE: (
        {"type": "integer", "minimum": 1, "maximum": MOST_RESULTS, "default": PAGE_SIZE},
        "How many results on a page.",
    ),
}

_TEXT: Final[Schema] = {"type": "string"}
_ADDRESS: Final[Schema] = {"type": "string", "format": "uri"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_RESULT: Final[dict[str, tuple[Schema, str]]] = {
    "kind": (_TEXT, "Kind of thing, as in “loai”."),
    "id": (_TEXT, "Names it among its kind."),
    "title": (_TEXT, "Its name."),
    "url": (_ADDRESS, "Its page."),
    "summary": (_TEXT, "A sentence or two; may be empty."),
    "language": (_TEXT, "Language of title and summary (BCP 47)."),
    "price_vnd": (_COUNT, "Price of one unit in whole đồng. Goods only."),
    "unit": (_TEXT, "What the price is for: “kg”, “bó” … Goods only."),
    "place": (_TEXT, "Who offers it, and where. Goods only."),
    "image": (_ADDRESS, "A small square picture, at most 96 × 96 pixels, if there is one."),
}
_OPTIONAL: Final = ("price_vnd", "unit", "place", "image")
_VALUE: Final[dict[str, tuple[Schema, str]]] = {
    "value": (_TEXT, "What stands in the address."),
    "label": (_TEXT, "What people call it."),
    "count": (_COUNT, "How many results have it, given the other filters."),
    "is_chosen": ({"type": "boolean"}, "Whether it is one of those asked for."),
}
_ANSWER: Final[dict[str, tuple[Schema, str]]] = {
    "question": (_TEXT, "The question as it was used."),
    "meant": (
        _TEXT,
        "What was probably meant, when a word is in nothing at all; else empty. Both are looked for.",
    ),
    "total": (_COUNT, "How many hold all the words and pass all filters; 0 for a whole question."),
    "results": (
        {"type": "array", "items": {"$ref": "#/components/schemas/Result"}},
        "What holds all the words that decide, best first.",
    ),
    "nearest": (
        {"type": "array", "items": {"$ref": "#/components/schemas/Result"}},
        "What holds some of them, when there would be few results; and every answer to a whole question.",
    ),
    "facets": (
        {"type": "array", "items": {"$ref": "#/components/schemas/Facet"}},
        "By what the results can be narrowed, most frequent values first; of a whole question the nearest 60.",
    ),
    "next": (
        {"type": ["string", "null"], "format": "uri"},
        "Address of the next page; null on the last, and after 600.",
    ),
    "engine": (_TEXT, "Which engine answered."),
}
_FACET: Final[dict[str, tuple[Schema, str]]] = {
    "parameter": (_TEXT, "Name of the parameter that narrows by it."),
    "label": (_TEXT, "What people call it."),
    "values": ({"type": "array", "items": {"$ref": "#/components/schemas/Value"}}, "Its values."),
}
_ERROR: Final[dict[str, tuple[Schema, str]]] = {
    "code": ({"type": "string", "enum": ["page_size", "method", "too_many"]}, "A word for programs."),
    "message": (_TEXT, "A sentence for people, in Vietnamese."),
}


def document() -> Schema:
    """Return the description, with the kinds that are registered."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Làng Số: read API",
            "version": "1",
            "summary": "What the search page of the site finds, as JSON. Public data only, read only, no key.",
        },
        "servers": [{"url": "/"}],
        "paths": {"/api/v1/tim": {"get": _operation()}},
        "components": {
            "schemas": {
                "Answer": _object(_ANSWER),
                "Result": _object(_RESULT, _OPTIONAL),
                "Facet": _object(_FACET),
                "Value": _object(_VALUE),
                "Error": _object({"error": (_object(_ERROR), "What went wrong.")}),
            }
        },
    }


def _operation() -> Schema:
    policy = {
        "RateLimit-Policy": {"description": "Requests (q) in seconds (w) of one address.", "schema": _TEXT}
    }
    etag = {
        "ETag": {"description": "Send it back as If-None-Match: 304 if nothing changed.", "schema": _TEXT}
    }
    wait = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return {
        "operationId": "search",
        "summary": "Search goods, courses, lessons, articles and whatever else the site shows.",
        "description": "Parameters are those of the page /tim/. What makes no sense is as if it were not there.",
        "parameters": [*(_parameter(name) for name in (*narrowing.NAMES, SIZE))],
        "responses": {
            "200": _response("What was found.", "Answer", policy | etag),
            "304": {"description": "Nothing changed since the answer with this ETag.", "headers": etag},
            "400": _response("The page size is none.", "Error", policy),
            "405": _response("Another method than GET or HEAD.", "Error", policy),
            "429": _response("Too many requests of this address.", "Error", policy | wait),
        },
    }


def _parameter(name: str) -> Schema:
    if name in FACETS:
        value: Schema = {"type": "string", "enum": list(registry.sources())} if name == KIND else _TEXT
        schema: Schema = {"type": "array", "items": value, "maxItems": narrowing.MOST_VALUES}
        words = f"{FACETS[name].label}: any of these values. Repeat the parameter for several."
        return {"name": name, "in": "query", "description": words, "schema": schema, "explode": True}
    schema, words = _SINGLE[name]
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _response(words: str, schema: str, headers: Schema) -> Schema:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": words, "headers": headers, "content": content}


def _object(fields: dict[str, tuple[Schema, str]], optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in fields if name not in optional],
        "properties": {name: schema | {"description": words} for name, (schema, words) in fields.items()},
    }
