package io.meshwork.odcs.internal.document;

/** A check that no rule expresses. */
public final class InexpressibleException extends Exception {
  private static final long serialVersionUID = 1L;

  public InexpressibleException(String reason) {
    super(reason);
  }
}
