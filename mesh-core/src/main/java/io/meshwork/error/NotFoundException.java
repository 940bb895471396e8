package io.meshwork.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was named does not exist, or may not be seen by the caller: correct the name. */
public final class NotFoundException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String nearest;

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
