"""Rows of the permission matrix for files: who may see a private one is asked of each thing that it belongs to."""

from base.access.matrix import Role, Scope, named, register

register(
    [
        named("private photo", "see", [Role.ANYONE], Scope.OWN, "media:photo", "media:private_rendition"),
        named("private file", "see", [Role.ANYONE], Scope.OWN, "media:attachment"),
    ]
)
