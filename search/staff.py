"""The screens of staff under /quan-tri/: synonyms with a look at their effect, and what people did not find."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from search import dictionary
from search.documents import Hit
from search.finding import Chosen, find
from search.forms import SynonymForm
from search.models import MissedSearch, Synonym
from search.synonyms import Rules

SHOWN: Final = 8
"""Results on either side of the preview."""
PER_PAGE: Final = 50


class SwitchedOffNotDeleted(ModelPermissionPolicy):
    """Nobody deletes a synonym: a shipped one would come back when the list is loaded again."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Return what the groups say, and no to deleting."""
        return action != "delete" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Return whether one of the actions but deleting is allowed."""
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(Synonym, SwitchedOffNotDeleted(Synonym))


class AddSynonym(CreateView):
    """Begins with the words of the address, which a search without result brings along."""

    def get_initial_form_instance(self) -> Synonym:
        """Return a new synonym, filled in as far as known."""
        words = self.request.GET.get("words", "")[:80]
        return Synonym(words=words, kind=Synonym.Kind.ONE_WAY if words else Synonym.Kind.SAME)


class SynonymViewSet(SnippetViewSet):
    """List, search, add and change synonyms."""

    model = Synonym
    icon = "search"
    menu_label = gettext_lazy("Synonyms")
    menu_name = "synonyms"
    add_to_admin_menu = True
    menu_order = 450
    add_view_class = AddSynonym
    copy_view_enabled = False
    list_display = (
        "words",
        "finds",
        Column("get_kind_display", label=gettext_lazy("Kind")),
        BooleanColumn("is_active", label=gettext_lazy("in use")),
        "changed_at",
    )
    list_filter = ("kind", "language", "is_active")
    search_fields = ("words", "finds", "note")
    list_per_page = PER_PAGE
    edit_handler = ObjectList(
        [
            FieldPanel("kind"),
            FieldPanel("words", help_text=gettext_lazy("With commas between them: thơm, khóm")),
            FieldPanel("finds", help_text=gettext_lazy("Only when the first ones find the others: dứa")),
            HelpPanel(template="search/admin/try.html", heading=gettext_lazy("Try it before saving")),
            FieldPanel("language"),
            FieldPanel("note"),
            FieldPanel("is_active"),
        ],
        base_form_class=SynonymForm,
    )


@require_POST
@permission_required(["site_search.change_synonym"], raise_exception=True)
def preview(request: HttpRequest) -> HttpResponse:
    """Show what an example question finds now and what it would find; nothing is saved."""
    pk = request.POST.get("synonym", "")
    known = (
        Synonym.objects.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    )
    form = SynonymForm(request.POST, instance=known, for_user=request.user)
    is_valid = form.is_valid()
    context: dict[str, Any] = {"form": form, "is_valid": is_valid}
    if is_valid:
        typed = dictionary.parted(form.cleaned_data["words"])
        found = dictionary.parted(form.cleaned_data["finds"])
        example = " ".join(request.POST.get("example", "").split()) or typed[0]
        before = _hits(example, dictionary.current_rules())
        is_on = form.cleaned_data["is_active"]
        after = _hits(example, dictionary.rules_with(typed if is_on else [], found, instead_of=known))
        context |= {"example": example, "before": before, "after": _marked(after, before)}
    return render(request, "search/admin/preview.html", context)


@require_safe
@permission_required("site_search.view_missedsearch", raise_exception=True)
def missed_searches(request: HttpRequest) -> HttpResponse:
    """List what people looked for and did not find, most often first."""
    pages = Paginator(MissedSearch.objects.summed(), PER_PAGE)
    context = {
        "page": pages.get_page(request.GET.get("p")),
        "days": settings.MISSED_SEARCHES_KEPT_DAYS,
        "title": _("Not found"),
    }
    return render(request, "search/admin/missed.html", context)


def _hits(question: str, rules: Rules) -> list[Hit]:
    found = find(question, Chosen(page_size=SHOWN), languages=(settings.LANGUAGE_CODE,), rules=rules)
    return [*found.hits, *found.nearest][:SHOWN]


def _marked(after: list[Hit], before: list[Hit]) -> list[tuple[Hit, bool]]:
    """Return each result with whether it is new on the first page."""
    known = {hit.key for hit in before}
    return [(hit, hit.key not in known) for hit in after]
