"""Speakers of the splits of TIMIT: the lists that the field compares on."""

# 24 speakers, two men and one woman of each dialect (the corpus' own documentation, testset.doc).
_CORE_TEST = """
    mdab0 mwbt0 felc0 mtas1 mwew0 fpas0 mjmp0 mlnt0 fpkt0 mlll0 mtls0 fjlm0
    mbpm0 mklt0 fnlp0 mcmj0 mjdh0 fmgd0 mgrt0 mnjm0 fdhc0 mjln0 mpam0 fmld0
"""
# 50 of the other speakers under TEST/, as Kaldi's recipe lists them (egs/timit/s5/conf/dev_spk.list).
_VALIDATION = """
    faks0 fdac1 fjem0 mgwt0 mjar0 mmdb1 mmdm2 mpdf0 fcmh0 fkms0 mbdg0 mbwm0 mcsh0 fadg0 fdms0 fedw0 mgjf0
    mglb0 mrtk0 mtaa0 mtdt0 mthc0 mwjg0 fnmr0 frew0 fsem0 mbns0 mmjr0 mdls0 mdlf0 mdvc0 mers0 fmah0 fdrw0
    mrcs0 mrjm4 fcal1 mmwh0 fjsj0 majc0 mjsw0 mreb0 fgjd0 fjmg0 mroa0 mteb0 mjfc0 mrjr0 fmml0 mrws1
"""
CORE_TEST, VALIDATION = frozenset(_CORE_TEST.split()), frozenset(_VALIDATION.split())


def split(part: str, speaker: str, sentence: str) -> str | None:
    """Return the split that a recording belongs to.

    Args:
        part: "TRAIN" or "TEST", in any case.
        speaker: Folder such as "FCJF0", in any case.
        sentence: File name without suffix, such as "SI1027", in any case.

    Returns:
        "train", "validation" or "test"; None for the two sentences that everybody reads (SA), and for speakers
        under TEST in neither list.
    """
    speaker = speaker.lower()
    if sentence.lower().startswith("sa"):
        return None
    if part.lower() == "train":
        return "train"
    return "test" if speaker in CORE_TEST else "validation" if speaker in VALIDATION else None
