"""Rows of the permission matrix: packs are asked for by anybody; the source of a private one says whose it is."""

from base.access.matrix import Role, Scope, named, register

INSTALL = ("worker:script", "offline:install", "offline:nothing")
PACKS = ("offline:pack", "offline:file", "offline:carried", "offline:contact")

register(
    [
        named("the installable site", "see", [Role.ANYONE], Scope.ALL, *INSTALL),
        named("what is saved on this phone", "see", [Role.ANYONE], Scope.ALL, "offline:saved"),
        named("packs", "fetch", [Role.ANYONE], Scope.ALL, *PACKS),
    ]
)
