"""gRPC contract of TensorFlow Serving: PredictionService and ModelService.

server    the gRPC server: services, bounds, key, TLS; services: their methods
tensor_messages   TensorProto to NumPy and back
"""
