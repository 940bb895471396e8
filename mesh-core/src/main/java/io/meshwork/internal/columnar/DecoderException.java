package io.meshwork.internal.columnar;

import org.jspecify.annotations.Nullable;

/** Bytes that are not what their encoding says; whoever knows the place translates it. */
final class DecoderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DecoderException(String what) {
    this(what, null);
  }

  DecoderException(String what, @Nullable Throwable cause) {
    super(what, cause);
  }
}
