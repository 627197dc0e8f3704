"""Model metadata and status as TensorFlow Serving messages, which are also its JSON."""

from google.protobuf import json_format
from tensorflow_serving.apis import get_model_metadata_pb2, get_model_status_pb2

METADATA_FIELD = "signature_def"
# As TensorFlow Serving prints: names as in the .proto files, and fields that are empty too.
_JSON = {"preserving_proto_field_name": True, "always_print_fields_with_no_presence": True}


def status_message(statuses: list) -> get_model_status_pb2.GetModelStatusResponse:
    """Make the message of `VersionStatus`es."""
    message = get_model_status_pb2.GetModelStatusResponse()
    states = get_model_status_pb2.ModelVersionStatus.State
    for status in statuses:
        added = message.model_version_status.add(version=status.version, state=states.Value(status.state))
        added.status.error_code = (
            type(added.status)
            .DESCRIPTOR.fields_by_name["error_code"]
            .enum_type.values_by_name[status.error_code]
            .number
        )
        added.status.error_message = status.error_message
    return message


def signature_message(model) -> get_model_metadata_pb2.SignatureDefMap:
    """Make the message of a `Model`'s signatures."""
    message = get_model_metadata_pb2.SignatureDefMap()
    for name, signature in model.signature_defs.items():
        message.signature_def[name].CopyFrom(signature)
    return message


def metadata_message(model) -> get_model_metadata_pb2.GetModelMetadataResponse:
    """Make the message of a `Model`'s name, version and signatures."""
    message = get_model_metadata_pb2.GetModelMetadataResponse()
    message.model_spec.name = model.name
    message.model_spec.version.value = model.version
    message.metadata[METADATA_FIELD].Pack(signature_message(model))
    return message


def status_json(statuses: list) -> dict:
    """Make the JSON of `status_message`."""
    return json_format.MessageToDict(status_message(statuses), **_JSON)


def metadata_json(model) -> dict:
    """Make the JSON of `metadata_message`, in which TensorFlow Serving leaves out the type of the packed message."""
    spec = json_format.MessageToDict(metadata_message(model).model_spec, **_JSON)
    signatures = json_format.MessageToDict(signature_message(model), **_JSON)
    return {"model_spec": spec, "metadata": {METADATA_FIELD: signatures}}
