"""The theme of Gradio's own components: paper and ink, in the fonts that page.css names."""

from __future__ import annotations

from gradio.themes import Base, Color, Font

_SANS = (
    *("Public Sans", "Public Sans Fallback", "system-ui", "-apple-system", "Segoe UI", "Roboto"),
    *("Helvetica Neue", "Arial", "sans-serif"),
)
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")

PAPER = Color(
    *("#fbfaf7", "#f4f2ec", "#e4e0d6", "#cdc7ba", "#a19b8e", "#787267"),
    *("#5c574d", "#45413a", "#2b2925", "#1f1d1a", "#161513"),
    name="paper",
)
INK = Color(
    *("#f3f6f9", "#e3eaf1", "#c5d3e0", "#9db4c9", "#7394b0", "#4c7293"),
    *("#2f5678", "#234462", "#1b354d", "#13263a", "#0c1826"),
    name="ink",
)

_COLOURS = {
    "body_background_fill": ("*neutral_50", "*neutral_950"),
    "body_text_color": ("*neutral_900", "*neutral_100"),
    "body_text_color_subdued": ("*neutral_600", "*neutral_400"),
    "background_fill_primary": ("#ffffff", "*neutral_900"),
    "block_background_fill": ("transparent", "transparent"),
    "block_label_text_color": ("*neutral_700", "*neutral_300"),
    "block_title_text_color": ("*neutral_700", "*neutral_300"),
    "border_color_primary": ("*neutral_200", "*neutral_800"),
    "input_background_fill": ("#ffffff", "*neutral_900"),
    "input_border_color": ("*neutral_500", "*neutral_500"),
    "input_placeholder_color": ("*neutral_500", "*neutral_400"),
    "button_primary_background_fill": ("*primary_700", "*primary_300"),
    "button_primary_background_fill_hover": ("*primary_800", "*primary_200"),
    "button_primary_text_color": ("#ffffff", "*neutral_950"),
    "button_secondary_background_fill": ("transparent", "transparent"),
    "button_secondary_background_fill_hover": ("*neutral_100", "*neutral_800"),
    "button_secondary_text_color": ("*primary_700", "*primary_300"),
    "checkbox_background_color": ("#ffffff", "*neutral_900"),
    "checkbox_border_color": ("*neutral_500", "*neutral_400"),
    "link_text_color": ("*primary_700", "*primary_300"),
}
"""Each in the light theme and in the dark one."""


def newsprint() -> Base:
    """The theme, light and dark."""
    theme = Base(
        primary_hue=INK,
        secondary_hue=INK,
        neutral_hue=PAPER,
        radius_size="sm",
        # A plain string would make Gradio look for a web font of that name.
        font=[Font(name) for name in _SANS],
        font_mono=[Font(name) for name in _MONO],
    )
    light = {name: colours[0] for name, colours in _COLOURS.items()}
    dark = {f"{name}_dark": colours[1] for name, colours in _COLOURS.items()}
    return theme.set(block_border_width="0px", input_border_width="1px", **light, **dark)
