package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.consume.Subscription;
import java.util.List;
import java.util.Map;

/** Finds a subscription of the caller's domain by its name. */
final class NamedSubscription {
  private NamedSubscription() {}

  /**
   * Opens a subscription as it is.
   *
   * @param name the name, or {@code domain/product/name} if several products have that name
   * @throws UsageException if there is not exactly one
   */
  static Subscription<Map<String, Object>> open(MeshClient client, String name) {
    List<Subscription.Summary> all = client.subscriptions();
    List<Subscription.Summary> matching =
        all.stream()
            .filter(each -> each.name().equals(name) || fullName(each).equals(name))
            .toList();
    if (matching.isEmpty()) {
      throw new UsageException(
          "You have no subscription '"
              + name
              + "'. Yours are: "
              + (all.isEmpty() ? "none; see mesh subscribe" : names(all))
              + ".");
    } else if (matching.size() > 1) {
      throw new UsageException("Several subscriptions have that name: " + names(matching) + ".");
    }
    Subscription.Summary summary = matching.get(0);
    return client.subscribe(summary.product()).asMaps().name(summary.name()).commit();
  }

  private static String fullName(Subscription.Summary subscription) {
    return subscription.product() + "/" + subscription.name();
  }

  private static String names(List<Subscription.Summary> subscriptions) {
    return String.join(", ", subscriptions.stream().map(NamedSubscription::fullName).toList());
  }
}
