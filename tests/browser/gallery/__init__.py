"""Pictures of every state of every screen in the admin, for a person to look at."""

#: The environment variable that names their folder.
FOLDER = "GALLERY_FOLDER"
