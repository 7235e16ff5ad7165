"""Many letters as one: each a section with its own heading, text and button."""

from __future__ import annotations

from dataclasses import dataclass

from django.template import Context, Engine
from django.template.loader_tags import BlockNode
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from stage.core.enums import PersonKind
from stage.core.mail.letters import Letter, Person, Sender, as_text, context_of

TEMPLATE = "digest"


@dataclass(frozen=True)
class Section:
    """One letter's part of the mail of a day. Two that read the same are one (`==`)."""

    heading: str
    text: str
    html: SafeString
    button_url: str
    button_label: str


def section_of(letter: Letter, person: Person, sender: Sender) -> Section:
    """A letter without its greeting and its frame, in the language of the moment."""
    context = context_of(letter, person, sender)
    text = as_text(f"email/{letter.template}.txt", context).strip()
    greeting, _gap, rest = text.partition("\n\n")
    greets = "\n" not in greeting and greeting.endswith(",")
    return Section(
        heading=" ".join(as_text(f"email/{letter.template}.subject", context).split()),
        text=rest.strip() if greets else text,
        html=_content(letter.template, context, greeting if greets else ""),
        button_url=str(context.get("button_url", "")),
        button_label=str(context.get("button_label", "")),
    )


def bundled(sections: list[Section], letters: list[Letter], person: Person) -> Letter:
    """The one letter of these sections to a person; `letters` are those they were made of."""
    answers = {letter.reply_to for letter in letters}
    return Letter(
        TEMPLATE,
        {
            "sections": sections,
            "n": len(sections),
            "to_student": person.kind == PersonKind.STUDENT,
        },
        # Who answers answers one person, or else the school.
        reply_to=answers.pop() if len(answers) == 1 else "",
        attachments=tuple(file for letter in letters for file in letter.attachments),
    )


def _content(template: str, context: dict, greeting: str) -> SafeString:
    """The content block of a letter, which each of them fills in (`email/base.html`)."""
    page = Engine.get_default().get_template(f"email/{template}.html")
    blocks = page.nodelist.get_nodes_by_type(BlockNode)
    [block] = [b for b in blocks if isinstance(b, BlockNode) and b.name == "content"]
    read = Context(context)
    with read.render_context.push_state(page), read.bind_template(page):
        html = str(block.render(read))
    if greeting:
        html = html.replace(f"<p>{escape(greeting)}</p>", "", 1)
    return mark_safe(html.strip())  # noqa: S308 - a template's own output, which escaped its values
