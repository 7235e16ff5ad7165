"""What axe does not see: the size of targets, the focus, the order of the Tab key, motion."""

from __future__ import annotations

from playwright.sync_api import Page

# look.md: 44 px; half a pixel for rounding. Links inside a sentence are as high as their line
# (WCAG 2.5.8, exception "inline").
SMALL_TARGETS = """() => {
    const shown = e => e.checkVisibility({visibilityProperty: true, opacityProperty: false})
        && e.getClientRects().length;
    const area = e => (e.matches("[type=checkbox], [type=radio]") && e.closest("label")) || e;
    return [...document.querySelectorAll(
            "a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter(shown)
        .filter(e => !(e.matches("a") && getComputedStyle(e).display === "inline"))
        .filter(e => !e.closest(".hidden-visually, .skip-link"))
        // Of these the whole card takes the touch.
        .filter(e => !e.matches(".card-link"))
        .map(e => [e, area(e).getBoundingClientRect()])
        .filter(([e, box]) => box.height < 43.5 || box.width < 43.5)
        .map(([e, box]) => `${Math.round(box.width)} x ${Math.round(box.height)} px: `
            + e.outerHTML.slice(0, 120));
}"""
# After a Tab the browser shows the focus of everything that takes it.
UNSEEN_FOCUS = """() => [...document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled)
    .filter(e => {
        e.focus();
        if (document.activeElement !== e) return false;
        const near = [e, e.closest("label"), e.nextElementSibling, e.parentElement,
            e.closest(".card.linked")];
        return !near.filter(Boolean).some(m => {
            const style = getComputedStyle(m);
            return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        });
    })
    .map(e => e.outerHTML.slice(0, 120))"""
JUMPING_ORDER = """() => [...document.querySelectorAll("[tabindex]")]
    .filter(e => e.tabIndex > 0).map(e => e.outerHTML.slice(0, 120))"""
MOVING = """() => document.getAnimations()
    .filter(a => a.effect.getComputedTiming().duration > 20)
    .map(a => a.effect.target?.outerHTML.slice(0, 120))"""
FIRST = "document.activeElement.matches('.skip-link, [data-focus], input, select, textarea')"


def faults_for_hands(page: Page) -> list[str]:
    """Targets that are too small for a thumb."""
    return [f"target of {found}" for found in page.evaluate(SMALL_TARGETS)]


def faults_for_keys(page: Page) -> list[str]:
    """A focus nobody sees, an order that jumps, motion where none was wanted."""
    page.keyboard.press("Tab")
    wrong = [] if page.evaluate(FIRST) else ["the first Tab does not reach the skip link"]
    wrong += [f"focus not visible: {found}" for found in page.evaluate(UNSEEN_FOCUS)]
    wrong += [f"tabindex above 0: {found}" for found in page.evaluate(JUMPING_ORDER)]
    return wrong + [f"moves with reduced motion: {found}" for found in page.evaluate(MOVING)]
