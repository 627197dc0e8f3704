"""REST contract of TensorFlow Serving under /v1/, and :transcribe for files.

routes        the routes; call: the model, version and verb that a path names
bodies        request bodies within bounds of size and time; responses: answers and errors
predict_json  bodies of :predict; json_arrays: tensors in JSON; predict_words: hotwords and the like beside them
upload        a file to the reading of its example
"""
