package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.StatusBadge;
import java.util.List;

/**
 * What concerns the viewer: what waits for an answer, what its domain reads, and what of it is late
 * or new.
 *
 * @param frame the frame
 * @param known false if the viewer acts for no domain
 * @param steward true if the viewer is a steward of the mesh
 * @param tasks what waits for the viewer's domain
 * @param approvals what waits for the approval of a steward
 * @param subscriptions the subscriptions of the viewer's domain
 * @param own the products of its domain that need attention
 * @param late the products that its domain uses and that are late or in violation
 * @param waiting pending notices, by notifier, and mirror updates of the viewer's domain
 * @param news what changed, or will change, of the products that its domain uses
 */
public record MinePage(
    PageFrame frame,
    boolean known,
    boolean steward,
    List<TaskRow> tasks,
    List<TaskRow> approvals,
    List<SubscriptionRow> subscriptions,
    List<ProductRow> own,
    List<ProductRow> late,
    List<WaitingRow> waiting,
    List<NewsRow> news) {
  public MinePage {
    tasks = List.copyOf(tasks);
    approvals = List.copyOf(approvals);
    subscriptions = List.copyOf(subscriptions);
    own = List.copyOf(own);
    late = List.copyOf(late);
    waiting = List.copyOf(waiting);
    news = List.copyOf(news);
  }

  /**
   * Something to answer.
   *
   * @param product the product
   * @param what what is asked, in words
   * @param by who asks
   * @param until the day by which, or since when; in words
   * @param command the commands that answer it, one a line; empty if it needs none
   */
  public record TaskRow(
      ProductAddress product, String what, String by, String until, String command) {}

  /**
   * A subscription.
   *
   * @param name its name
   * @param product the product
   * @param status the status of the product
   * @param version the major version that it reads, in words
   * @param purpose why
   * @param columns the columns, in words
   * @param lastUsed when it was read last, in words
   */
  public record SubscriptionRow(
      String name,
      ProductAddress product,
      StatusBadge status,
      String version,
      String purpose,
      String columns,
      String lastUsed) {}

  /**
   * Notices that wait, fail, or are parked, or tables that a mirror shows in an earlier state.
   *
   * @param code the code of the finding, for programs that read the document of the page
   * @param where the notifier or the mirror
   * @param what a sentence that says what is pending, since when, and why
   * @param fix what to do
   */
  public record WaitingRow(String code, String where, String what, String fix) {}

  /**
   * A change of a product.
   *
   * @param product the product
   * @param text what is new, in a sentence
   */
  public record NewsRow(ProductAddress product, String text) {}
}
