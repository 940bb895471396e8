package io.meshwork.error;

import java.util.List;

/** No grant allows this. Request access, or ask a contact who can grant it. */
public final class AccessDeniedException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final String missing;
  private final transient List<String> whoCanGrant;

  AccessDeniedException(Failure failure, ErrorCode code, String missing, List<String> whoCanGrant) {
    super(failure, code);
    this.missing = missing;
    this.whoCanGrant = List.copyOf(whoCanGrant);
  }

  /** Returns the smallest change that would allow the action, as text. */
  public String missing() {
    return missing;
  }

  /** Returns the principals or contacts who can make that change. Empty after serialization. */
  public List<String> whoCanGrant() {
    return whoCanGrant == null ? List.of() : whoCanGrant;
  }
}
