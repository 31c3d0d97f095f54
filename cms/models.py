"""The pages that editors write: home, sections, and policy, health and farming articles.

Courses and lessons are in ``learning``. Which page answers an address is decided in ``resolver.py``.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from base.pagecache import expires_at, touches
from base.shell import panels
from base.shell.pages import ShownPageManager, page_path
from base.shell.reserved import PageSlugMixin
from base.shell.review import ReviewersWords
from cms import lists
from cms.validity import next_change, state_on
from media.blocks import shared_blocks
from media.pictures import picture

ARTICLES_ON_HOME = 4


class Topic(models.TextChoices):
    """What an article is about; the stored values are search facets."""

    POLICY = "policy", _("Policy")
    HEALTH = "health", _("Health")
    FARMING = "farming", _("Farming")


class HomePage(PageSlugMixin, Page):
    """The front door: large doors to what people come for, then goods, lessons and new articles."""

    lead = models.CharField(_("First sentence"), max_length=200, blank=True)
    body = StreamField(shared_blocks(), verbose_name=_("Further text"), blank=True, use_json_field=True)

    parent_page_types = ["wagtailcore.Page"]
    template = "cms/home_page.html"
    nav = "home"
    content_panels = [
        ReviewersWords(),
        *Page.content_panels,
        FieldPanel("lead", help_text=_("Stands under the name of the site. One short sentence.")),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the newest articles and what other parts show here."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        touches(request, *panels.stamps())
        context["articles"] = lists.newest_articles(request, ARTICLES_ON_HOME)
        context["panels"] = panels.filled(request)
        context["nav"] = self.nav
        return context


class SectionPage(PageSlugMixin, Page):
    """A shelf of articles (/chinh-sach/), or a plain page when it has none (/gioi-thieu/)."""

    own_segment = "chinh-sach"
    lead = models.CharField(_("First sentence"), max_length=300, blank=True)
    body = StreamField(shared_blocks(), verbose_name=_("Text"), blank=True, use_json_field=True)

    parent_page_types = ["cms.HomePage", "cms.SectionPage"]
    subpage_types = ["cms.SectionPage", "cms.PolicyPage"]
    template = "cms/section_page.html"
    content_panels = [ReviewersWords(), *Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("section")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the articles below, of the topic asked for ("chu-de"), newest first."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(lists.articles_on(self, request, Topic))
        context["nav"] = "home"
        return context


class PolicyPage(PageSlugMixin, Page):
    """One policy, health or farming matter in plain words, with the document and the source behind it."""

    topic = models.CharField(_("Topic"), max_length=10, choices=Topic, default=Topic.POLICY, db_index=True)
    summary = models.CharField(
        _("In short"),
        max_length=400,
        help_text=_(
            "Two short sentences: who it is for, and what they get or must do. Shown in lists and in search."
        ),
    )
    body = StreamField(shared_blocks(), verbose_name=_("Text"), use_json_field=True)
    document_number = models.CharField(
        _("Document number"), max_length=60, blank=True, help_text=_("As printed, such as 28/2022/NĐ-CP.")
    )
    issuer = models.CharField(_("Issued by"), max_length=150, blank=True)
    signed_on = models.DateField(_("Signed on"), null=True, blank=True)
    in_force_from = models.DateField(_("In force from"), null=True, blank=True)
    in_force_until = models.DateField(
        _("In force until"), null=True, blank=True, help_text=_("The last day. Empty when no end is known.")
    )
    cover = models.ForeignKey(
        "media.Photo",
        verbose_name=_("Cover photo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    cover_alt = models.CharField(_("What the cover photo shows"), max_length=200, blank=True)
    source_name = models.CharField(
        _("Source"),
        max_length=300,
        blank=True,
        help_text=_("Document and articles, or the office that says so."),
    )
    source_url = models.URLField(_("Address of the source"), max_length=500, blank=True)
    reviewed_on = models.DateField(
        _("Checked on"),
        null=True,
        blank=True,
        help_text=_("When somebody last compared this text with the source."),
    )

    objects = ShownPageManager()

    parent_page_types = ["cms.SectionPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "cms/policy_page.html"
    content_panels = [
        ReviewersWords(),
        HelpPanel(template="cms/help/article.html", heading=_("How an article gets to people")),
        *Page.content_panels,
        FieldPanel("topic"),
        FieldPanel("summary"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_alt")], heading=_("Photo in lists")),
        MultiFieldPanel(
            [
                FieldPanel("document_number"),
                FieldPanel("issuer"),
                FieldPanel("signed_on"),
                FieldRowPanel([FieldPanel("in_force_from"), FieldPanel("in_force_until")]),
            ],
            heading=_("The document (leave empty for advice without one)"),
        ),
        MultiFieldPanel(
            [FieldPanel("source_name"), FieldPanel("source_url"), FieldPanel("reviewed_on")],
            heading=_("Where it comes from"),
        ),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            models.CheckConstraint(
                name="policy_ends_after_it_begins",
                condition=models.Q(in_force_until__isnull=True)
                | models.Q(in_force_from__isnull=True)
                | models.Q(in_force_until__gte=models.F("in_force_from")),
            )
        ]

    def clean(self) -> None:
        """Raise ValidationError where the dates or the source contradict each other."""
        super().clean()
        if self.in_force_from and self.in_force_until and self.in_force_until < self.in_force_from:
            raise ValidationError({"in_force_until": _("The last day is before the first one.")})
        if self.document_number and not self.source_name:
            raise ValidationError(
                {"source_name": _("Say where the document was read, so that people can check it.")}
            )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the state of today and the shelf that the article stands on."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        today = timezone.localdate()
        context["state"] = state_on(today, self.in_force_from, self.in_force_until)
        expires_at(request, next_change(today, self.in_force_from, self.in_force_until))
        context["cover"] = picture(request, self.cover_id, "cover", self.cover_alt)
        context["section_path"] = page_path(self).rsplit("/", 2)[0] + "/"
        context["nav"] = "home"
        return context
