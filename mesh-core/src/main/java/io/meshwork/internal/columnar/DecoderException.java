package io.meshwork.internal.columnar;

import org.jspecify.annotations.Nullable;

/** Bytes do not match their encoding. The caller adds the position and translates it. */
final class DecoderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DecoderException(String what) {
    this(what, null);
  }

  DecoderException(String what, @Nullable Throwable cause) {
    super(what, cause);
  }
}
