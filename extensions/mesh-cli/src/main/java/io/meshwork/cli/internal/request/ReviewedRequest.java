package io.meshwork.cli.internal.request;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.request.AccessRequest;
import java.util.List;

/** Finds the request that a person reviewed. */
public final class ReviewedRequest {
  private ReviewedRequest() {}

  /** Returns the ID of a request that is named with its revision, or without it. */
  public static String id(String text) {
    int at = text.lastIndexOf('@');
    return at < 0 ? text : text.substring(0, at);
  }

  /**
   * Finds a request to the caller's domain.
   *
   * @param text {@code ID@REVISION}, or a product with one open request
   */
  static AccessRequest find(MeshClient client, Verb verb, String text) {
    List<AccessRequest> received = client.requests().received();
    int at = text.lastIndexOf('@');
    if (at < 0) {
      List<AccessRequest> open =
          received.stream()
              .filter(each -> each.isOpen() && each.product().toString().equals(text))
              .toList();
      if (open.size() != 1) {
        throw new UsageException(
            text
                + " has "
                + open.size()
                + " open requests. Name one as 'mesh requests' prints it.");
      }
      return open.get(0);
    }
    String id = id(text);
    AccessRequest match =
        received.stream()
            .filter(each -> each.id().equals(id))
            .findFirst()
            .orElseThrow(
                () -> new UsageException("Your domain has no request " + id + " to decide."));
    if (!String.valueOf(match.revision()).equals(text.substring(at + 1))) {
      throw Failure.of(MeshAction.of(verb, "request " + id))
          .because("the request was changed after revision " + text.substring(at + 1))
          .state("Nothing was decided.")
          .fix("Review it as 'mesh requests' prints it now.")
          .conflict(ErrorCode.STATE_CONFLICT);
    }
    return match;
  }
}
