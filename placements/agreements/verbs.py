"""What the audit trail calls agreements."""

from django.utils.translation import gettext_lazy as _

from stage.core.record.audit import name_verbs

name_verbs(
    {
        "agreement_started": _("begon een overeenkomst"),
        "agreement_version_started": _("begon een nieuwe versie"),
        "agreement_frozen": _("zette de tekst vast"),
        "agreement_signed": _("tekende"),
        "agreement_signed_on_paper": _("legde een handtekening op papier vast"),
        "agreement_completed": _("overeenkomst is klaar"),
        "agreement_objected": _("zei dat iets niet klopt"),
        "agreement_revised": _("opende de overeenkomst weer"),
        "agreement_lapsed": _("overeenkomst verviel"),
        "agreement_outdated": _("opende de overeenkomst weer omdat de stage veranderde"),
        "agreement_amended": _("maakte een wijziging van de overeenkomst"),
        "agreement_refused": _("wil niet tekenen, of zei: dit is niet mijn kind"),
        "agreement_refusal_withdrawn": _("nam terug niet te willen tekenen"),
        "agreement_refusal_settled": _("besprak waarom iemand niet tekent"),
        "agreement_signer_decided": _("koos of een later bekende ouder tekent"),
        "agreement_signer_added": _("vroeg een ouder er later bij om te tekenen"),
        "agreement_seen": _("bekeek een overeenkomst"),
        "agreement_printed": _("downloadde een overeenkomst"),
        "article_template_added": _("voegde een artikel toe"),
        "article_template_changed": _("wijzigde een artikel"),
        "article_template_moved": _("verplaatste een artikel"),
        "article_template_removed": _("verwijderde een artikel"),
        "article_templates_reset": _("nam de standaardtekst terug"),
    }
)
