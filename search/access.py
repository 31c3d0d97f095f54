"""Rows of the permission matrix for search: anybody, over what is public."""

from base.access.matrix import Role, Scope, named, register

register(
    [
        named("search", "search", [Role.ANYONE], Scope.ALL, "search_pages:results"),
        named("search", "complete half words", [Role.ANYONE], Scope.ALL, "search_pages:suggestions"),
        named("read API", "read", [Role.ANYONE], Scope.ALL, "search_pages:api_found"),
        named("read API", "read how it answers", [Role.ANYONE], Scope.ALL, "search_pages:api_description"),
        named(
            "read API", "be told of an unknown address", [Role.ANYONE], Scope.ALL, "search_pages:api_unknown"
        ),
    ]
)
