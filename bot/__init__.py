"""Depesche's edge: Telegram and the terminal in front of the library."""
