"""gRPC contract of TensorFlow Serving: PredictionService and ModelService.

server    the gRPC server: services, bounds, key, TLS; services: their methods; health: grpc.health.v1
predict_words     hotwords, a lexicon and a language model's name among the inputs of Predict
tensor_messages   TensorProto to NumPy and back
"""
