"""Rows of the permission matrix: anybody may send; each kind of entry says who may do what it asks for."""

from base.access.matrix import Role, Scope, named, register

register(
    [
        named("what a device sends", "send", [Role.ANYONE], Scope.OWN, "intake:take", "intake:file"),
        named("who is signed in", "see", [Role.ANYONE], Scope.OWN, "intake:me"),
        named("sign out a phone", "send", [Role.ANYONE], Scope.OWN, "intake:leave"),
    ]
)
