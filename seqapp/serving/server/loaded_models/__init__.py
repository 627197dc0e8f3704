"""Loaded models: versions of a folder, their signatures, batches of requests.

repository    models of a folder, reloaded when a new version appears; versions: versions in a folder
model         one loaded version; saved_graph: its graph in a session; signature: one signature as a function
batcher       requests of many clients computed together; padding: as one batch
warm_up       the first call of each signature
"""
