package io.meshwork.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The resource does not exist, or the caller may not see it. Correct the name. */
public final class NotFoundException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String nearest;

  NotFoundException(Failure failure, ErrorCode code, @Nullable String nearest) {
    super(failure, code);
    this.nearest = nearest;
  }

  /** Returns the most similar visible name; empty if none is similar. */
  public Optional<String> nearest() {
    return Optional.ofNullable(nearest);
  }
}
