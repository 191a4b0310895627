"""Evidence → draft. Every composer has the same signature; the verifier stands behind all."""
