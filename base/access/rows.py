"""Rows of the permission matrix for what belongs to no app above: third-party admins, files of the server, the guide.

Platform staff enter Wagtail's admin only with its own permission (role "editor"): it would send others to the
sign-in page, which would send them back, for ever. Oscar would let a household's members into its dashboard: no.
"""

from base.access.matrix import Role, Scope, named, prefixed, register

# Nobody's: no text of ours links to a document and nothing gives one out; files come and go by media.
DOCUMENTS = ("quan-tri/documents/", "quan-tri/api/main/documents/", "quan-tri/he-thong/wagtaildocs/")
CRAWLERS = ("crawlers:robots", "crawlers:sitemap", "crawlers:part")

register(
    [
        prefixed("Wagtail's admin", [Role.EDITOR, Role.REVIEWER], "quan-tri/"),
        *(prefixed("Wagtail's documents", [], prefix) for prefix in DOCUMENTS),
        prefixed("Oscar's dashboard", [Role.PLATFORM_STAFF], "quan-tri/cho/"),
        prefixed("Django's admin", [Role.PLATFORM_STAFF], "quan-tri/he-thong/"),
        prefixed("static files", [Role.ANYONE], "static/", Scope.ALL),
        prefixed("public photos", [Role.ANYONE], "tep-anh/", Scope.ALL),
        named("health", "see", [Role.ANYONE], Scope.ALL, "health:alive", "health:ready"),
        named("what crawlers read", "see", [Role.ANYONE], Scope.ALL, *CRAWLERS),
        named("style guide", "see", [Role.ANYONE], Scope.ALL, "shell:guide"),
    ]
)
