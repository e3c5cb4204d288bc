"""The theme of Gradio's own components: paper and ink, in the fonts that page.css names."""

from __future__ import annotations

from gradio.themes import Base, Color, Font

_SANS = (
    "Public Sans",
    "Public Sans Fallback",
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "Roboto",
    "Helvetica Neue",
    "Arial",
    "sans-serif",
)
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")

PAPER = Color(
    name="paper",
    c50="#fbfaf7",
    c100="#f4f2ec",
    c200="#e4e0d6",
    c300="#cdc7ba",
    c400="#a19b8e",
    c500="#787267",
    c600="#5c574d",
    c700="#45413a",
    c800="#2b2925",
    c900="#1f1d1a",
    c950="#161513",
)
INK = Color(
    name="ink",
    c50="#f3f6f9",
    c100="#e3eaf1",
    c200="#c5d3e0",
    c300="#9db4c9",
    c400="#7394b0",
    c500="#4c7293",
    c600="#2f5678",
    c700="#234462",
    c800="#1b354d",
    c900="#13263a",
    c950="#0c1826",
)


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
    return theme.set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color="*neutral_900",
        body_text_color_dark="*neutral_100",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_400",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="*neutral_900",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_label_text_color="*neutral_700",
        block_label_text_color_dark="*neutral_300",
        block_title_text_color="*neutral_700",
        block_title_text_color_dark="*neutral_300",
        border_color_primary="*neutral_200",
        border_color_primary_dark="*neutral_800",
        input_border_width="1px",
        input_background_fill="#ffffff",
        input_background_fill_dark="*neutral_900",
        input_border_color="*neutral_500",
        input_border_color_dark="*neutral_500",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_300",
        button_primary_background_fill_hover_dark="*primary_200",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="*neutral_950",
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_dark="transparent",
        button_secondary_background_fill_hover="*neutral_100",
        button_secondary_background_fill_hover_dark="*neutral_800",
        button_secondary_text_color="*primary_700",
        button_secondary_text_color_dark="*primary_300",
        checkbox_background_color="#ffffff",
        checkbox_background_color_dark="*neutral_900",
        checkbox_border_color="*neutral_500",
        checkbox_border_color_dark="*neutral_400",
        link_text_color="*primary_700",
        link_text_color_dark="*primary_300",
    )
