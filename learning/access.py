"""Rows of the permission matrix: learning needs no account; everybody sees only what she did herself."""

from base.access.matrix import Role, Scope, named, register

register(
    [
        named("my courses", "see", [Role.ANYONE], Scope.OWN, "learn:mine"),
        named("my lesson", "see", [Role.ANYONE], Scope.OWN, "learn:lesson"),
        named("my answers", "send", [Role.ANYONE], Scope.OWN, "learn:answer"),
    ]
)
