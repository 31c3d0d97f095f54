"""Rows of the permission matrix for search: anybody, over what is public."""

from base.access.matrix import Role, Scope, named, register

register([named("search", "search", [Role.ANYONE], Scope.ALL, "search_pages:results")])
