"""Manifests in JSON lines, as NeMo and others exchange corpora."""
