"""Live models: the served models that stream ink or speech, and language models that predict next words."""

from seqapp.language.predictor import Predictor
from seqapp.models.model_folder import VOCABULARY, ModelFolder
from seqapp.models.transcriber.local_transcriber import STREAM
from seqapp.serving.server.live.audio_conversation import AudioConversation
from seqapp.serving.server.live.ink_conversation import InkConversation
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.refusal import Refusal

CONVERSATIONS = {"ink": InkConversation, "speech": AudioConversation}


class LiveModels:
    """The repository as live clients see it. Nothing of it is kept: old versions must be free to go.

    Args:
        repository: `Repository`.
        limits: `LiveLimits`.
    """

    def __init__(self, repository, limits: LiveLimits):
        self._repository = repository
        self._limits = limits

    def describe(self) -> list[dict]:
        """List name, version, sense and `live`, whether one can write or speak to it, of each model; of a recogniser
        also `language_models`, the names that a request may ask for, first that of its own accord.
        """
        descriptions = []
        for name in self._repository.names():
            try:
                model = self._repository.model(name)
            except Refusal:  # it went meanwhile
                continue
            is_language = model.sense == "" and _vocabulary_file(model).is_file()
            sense = "language" if is_language else model.sense
            description = {"name": name, "version": model.version, "sense": sense, "live": _is_live(model)}
            named = {"language_models": list(model.language_models.names)} if model.sense else {}
            descriptions.append(description | named)
        return descriptions

    def loading(self) -> list[str]:
        """List the names of models that will be there soon."""
        return [name for name, state in self._repository.states().items() if state in ("START", "LOADING")]

    def conversation(self, name: str | None) -> InkConversation | AudioConversation:
        """Begin a conversation with the newest version of a model; it stays with this one. For a thread that may wait.

        Args:
            name: Of the model; None: the first one of speech, as clients of vosk-server name none.

        Raises:
            Refusal: No such model, or one that cannot answer while one writes or speaks.
        """
        model = self._repository.model(self._first_of_speech() if name is None else name)
        if not _is_live(model):
            raise Refusal(
                "FAILED_PRECONDITION",
                f"{model.name} cannot answer while one writes or speaks. Expected a model of ink, or one of speech "
                f"that runs forward. Received: {model.sense or 'neither'}. Send whole examples to its :predict.",
            )
        arguments = model.transcriber, model.transcriber.with_beam_search(), self._limits
        return CONVERSATIONS[model.sense](*arguments, language_models=model.language_models)

    def predictor(self, name: str) -> Predictor:
        """Get the predictor of a language model. For a thread that may wait.

        Raises:
            Refusal: No such model, or it is no language model.
        """
        model = self._repository.model(name)
        if not _vocabulary_file(model).is_file():
            reason = f"{name} is no language model. Expected one with the file {VOCABULARY}."
            raise Refusal("FAILED_PRECONDITION", reason)
        return model.predictor

    def _first_of_speech(self):
        for model in self.describe():
            if model["sense"] == "speech" and model["live"]:
                return model["name"]
        raise Refusal("NOT_FOUND", "This server has no model that hears a stream. Name another one: /live/MODEL.")


def _is_live(model):
    return model.sense == "ink" or (model.sense == "speech" and all(name in model.signatures for name in STREAM))


def _vocabulary_file(model):
    return ModelFolder(model.path).file(VOCABULARY)
