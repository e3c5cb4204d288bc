"""Everything that is built with Gradio or works around it."""
