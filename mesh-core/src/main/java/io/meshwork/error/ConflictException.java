package io.meshwork.error;

import java.util.List;

/**
 * A concurrent change was committed first, and nothing was done. Read again and commit again. If it
 * is not {@link #retryable()}, as for a stale plan, the same call can never succeed; follow the
 * message.
 */
public final class ConflictException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;
  private final boolean retryable;

  ConflictException(Failure failure, ErrorCode code, boolean retryable) {
    super(failure, code);
    this.findings = failure.findings();
    this.retryable = retryable;
  }

  /**
   * Returns everything that prevents the change, such as each consumer that a retirement waits for;
   * empty if the message has it all, and after serialization.
   */
  public List<Finding> findings() {
    return findings == null ? List.of() : findings;
  }

  @Override
  public boolean retryable() {
    return retryable;
  }
}
