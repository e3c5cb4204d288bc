"""The modules that are built with Gradio, or work around it."""
