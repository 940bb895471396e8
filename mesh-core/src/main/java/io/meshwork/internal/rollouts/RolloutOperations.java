package io.meshwork.internal.rollouts;

import io.meshwork.card.ProductCard;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.session.SubscriberList;
import io.meshwork.internal.tracks.SubscriptionTracks;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.StartRollout;
import io.meshwork.rollout.Track;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Creates the operations on rollouts, and those of stewards, for a session; reads rollouts, and
 * finds what maintenance does for them. Stateless.
 */
public final class RolloutOperations {
  private RolloutOperations() {}

  /** A task of maintenance. */
  public interface DueTask {
    /** Returns what the task does. */
    Plan.Step step();

    /** Returns what identifies the state that it is based on. */
    String basis();

    /**
     * Runs it, if it is still due.
     *
     * @return the number of reminders and offers that were sent
     */
    long run(Deadline deadline);
  }

  /** Starts the rollout of a new major version. */
  public static StartRollout rollOut(ClientSession session, @Nullable CharSequence product) {
    return new RolloutStart(
        session, ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.ROLL_OUT)));
  }

  /**
   * The rollout of a product that has not ended, or the last one, of those that the caller sees.
   *
   * @throws io.meshwork.error.NotFoundException if there is none
   */
  public static Rollout rollout(ClientSession session, @Nullable CharSequence name) {
    MeshAction show = MeshAction.of(Verb.SHOW, "the rollout of");
    ProductName product = ResolvedProduct.forConsumer(session, name, show).product();
    MeshAction action = MeshAction.of(Verb.SHOW, "the rollout of " + product);
    session.checkOpen(action);
    ProductEntry entry = session.catalog().requireProduct(product, action);
    return StoredRollout.visible(session, entry.name()).stream()
        .max(
            Comparator.comparing((StoredRollout each) -> !each.entry().state().isEnded())
                .thenComparing(each -> each.entry().number()))
        .map(each -> (Rollout) new ProductRollout(session, each.entry()))
        .orElseThrow(
            () -> {
              boolean seesAll = session.catalog().seesAllRollouts(product);
              return Failure.of(action)
                  .because(seesAll ? "it has none" : "it has none that you see")
                  .fix(
                      seesAll
                          ? "Start one with rollOut(\"" + product + "\")."
                          : "Consumers see a rollout once it is announced or its version is open.")
                  .notFound(ErrorCode.NOT_FOUND);
            });
  }

  /** The rollouts of the products that the caller's domain owns or subscribes to. */
  public static List<Rollout> rollouts(ClientSession session) {
    MeshAction action = MeshAction.of(Verb.LIST, "rollouts");
    session.checkOpen(action);
    String domain = session.authorizer().requireOwnDomain(action).domain();
    TreeSet<ProductName> products = new TreeSet<>(Comparator.comparing(ProductName::toString));
    session.catalog().products(domain).forEach(entry -> products.add(entry.name()));
    SubscriberList.ofConsumer(session, domain).forEach(entry -> products.add(entry.product()));
    List<Rollout> rollouts = new ArrayList<>();
    for (ProductName product : products) {
      StoredRollout.visible(session, product)
          .forEach(each -> rollouts.add(new ProductRollout(session, each.entry())));
    }
    return List.copyOf(rollouts);
  }

  /**
   * The tracks of subscriptions in the open rollouts that replace their major versions or amend
   * their contracts; none for other subscriptions, for which nothing is read.
   */
  public static Map<SubscriberList.Entry, Track> tracks(
      ClientSession session, List<SubscriberList.Entry> subscriptions) {
    return SubscriptionTracks.of(session, subscriptions);
  }

  /**
   * The card of a product with its announced rollouts, without those that the caller does not see.
   */
  public static ProductCard withRollouts(ClientSession session, ProductCard card) {
    return new RolloutCard(session, card).withRollouts();
  }

  /**
   * Returns what is due in maintenance: dates for consumers without an offer, reminders, and major
   * versions that an interrupted retirement or withdrawal left closed, or took away from a
   * consumer.
   */
  public static List<DueTask> due(ClientSession session, ProductName product, Instant now) {
    List<StoredRollout> rollouts = StoredRollout.all(session.ledger(), product);
    List<DueTask> due =
        new ArrayList<>(new RolloutReminders(session, product).tasks(rollouts, now));
    due.addAll(AbandonedFence.of(session, product, rollouts, now));
    due.addAll(LateRead.of(session, product, rollouts, now));
    return List.copyOf(due);
  }
}
