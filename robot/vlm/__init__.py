"""The model that watches: any OpenAI-compatible endpoint, asked about the head camera's last seconds."""
