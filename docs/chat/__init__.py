"""How the bot's messages look: a chat as a page, and a picture of it. For people, never in CI."""
