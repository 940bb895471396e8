package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.request.AccessRequest;
import java.util.List;

/**
 * The requests for access that the viewer's domain decides on, or sent, and suggestions.
 *
 * @param frame the frame
 * @param known false if the viewer acts for no domain, and so has no requests
 * @param received the requests to decide
 * @param sent the requests of the viewer's domain
 * @param suggested the suggestions for products of the viewer's domain
 * @param suggestions the suggestions of the viewer's domain
 */
public record RequestsPage(
    PageFrame frame,
    boolean known,
    List<RequestRow> received,
    List<RequestRow> sent,
    List<SuggestionRow> suggested,
    List<SuggestionRow> suggestions) {
  public RequestsPage {
    received = List.copyOf(received);
    sent = List.copyOf(sent);
    suggested = List.copyOf(suggested);
    suggestions = List.copyOf(suggestions);
  }

  /**
   * A request.
   *
   * @param id its ID and revision, such as {@code ID@1}
   * @param product the product
   * @param requester who asks
   * @param state its state, in words
   * @param open true if it can be decided
   * @param columns the columns, in words
   * @param purpose the purpose
   * @param risk the highest classification, in lower case
   * @param asked when it was sent
   * @param command the commands that decide it, one a line; empty if it is closed or was sent
   */
  public record RequestRow(
      String id,
      ProductAddress product,
      String requester,
      String state,
      boolean open,
      String columns,
      String purpose,
      String risk,
      PageTime asked,
      String command) {}

  /** Returns what names a request as it is now, such as {@code ID@1}. */
  public static String revision(AccessRequest request) {
    return request.id() + "@" + request.revision();
  }

  /** Returns the command that approves a request, and the one that denies it, one a line. */
  public static String decide(AccessRequest request) {
    String revision = revision(request);
    return "mesh approve "
        + revision
        + " --because REASON\nmesh deny "
        + revision
        + " --because REASON";
  }
}
