"""The dashboards, as a program that writes them: `python -m grafana.build`."""
