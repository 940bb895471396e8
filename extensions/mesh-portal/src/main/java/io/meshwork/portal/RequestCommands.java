package io.meshwork.portal;

import io.meshwork.request.AccessRequest;
import io.meshwork.request.Suggestion;

/** The commands that decide requests for access, and answer suggestions. */
final class RequestCommands {
  private RequestCommands() {}

  /** Returns what names a request as it is now, such as {@code ID@1}. */
  static String revision(AccessRequest request) {
    return request.id() + "@" + request.revision();
  }

  /** Returns the command that approves a request, and the one that denies it, one a line. */
  static String decide(AccessRequest request) {
    String revision = revision(request);
    return "mesh approve "
        + revision
        + " --because REASON\nmesh deny "
        + revision
        + " --because REASON";
  }

  static String accept(Suggestion suggestion) {
    return "mesh answer " + suggestion.id() + " --accept";
  }
}
