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

  /** Names what was looked for; {@code nearest} is null when no visible name is near. */
  public NotFoundException(ErrorCode code, String message, @Nullable String nearest) {
    super(code, message, null);
    this.nearest = nearest;
  }

  /** The nearest visible name, when there is one. */
  public Optional<String> nearest() {
    return Optional.ofNullable(nearest);
  }
}
