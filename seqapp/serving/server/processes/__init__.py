"""Several server processes behind one port: a supervisor, and workers that each load the models and share the cores.

supervisor   gunicorn's arbiter: starts workers, replaces those that die, ends all; reserves the ports
worker       one server process, which takes connections once its models are loaded
"""
