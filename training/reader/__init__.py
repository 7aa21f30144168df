"""Train the reader: data, near misses, model, training, export. README.md tells the order."""
