"""Each kind of file into articles; a file of this folder knows one kind."""
