package io.meshwork.aws.internal.mirror.glue;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;

/** What to do after a request to Glue failed. Stateless. */
public final class GlueFailureFix {
  private GlueFailureFix() {}

  /** Returns the last sentence of the error. */
  public static String of(MeshAction action, RuntimeException failure) {
    return ((BackendException) new GlueFailure("etl").of(action, "x", "y", failure)).fix();
  }
}
