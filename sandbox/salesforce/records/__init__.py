"""Records: how they are kept, checked and saved."""
