"""What the domain's words mean: places, offices, sanctions, time, set phrases, everyday words.

The knowledge is in the YAML and TSV files of this folder, which an official can extend; the modules
beside them only read it and look it up.
"""
