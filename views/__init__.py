"""How answers look: terminal, Excel, Markdown, JSON, the network page."""
