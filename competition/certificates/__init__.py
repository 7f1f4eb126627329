"""Certificates 证书: snapshots resting on a published revision, rendered as PDF with a QR code, verified by anybody."""
