"""The faces: command line and page. The only place that prints or draws."""
