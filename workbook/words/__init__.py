"""The catalogues: one folder a language, and ``gather``, which finds every sentence a reader may see."""
