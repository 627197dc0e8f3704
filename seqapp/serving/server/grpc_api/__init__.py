"""gRPC contract of TensorFlow Serving: PredictionService and ModelService.

server    the gRPC server: services, bounds, key, TLS; services: their methods; health: grpc.health.v1
predict_words     Predict with hotwords or a lexicon
tensor_messages   TensorProto to NumPy and back
"""
